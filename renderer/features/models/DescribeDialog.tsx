import { useRef, useState, type ReactNode } from 'react';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import {
  inputLayoutSchema,
  outputLayoutSchema,
  type ModelInterface,
  type OutputMeaning,
} from '#core/models/modelMapping.ts';
import { toProblem, type Problem } from '#core/problem.ts';
import { answerModel } from '../../store/chooseModel.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { ProblemNote } from '../../ui/ProblemNote.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import {
  answersOf,
  classNames,
  draftOf,
  takesBytes,
  VALUE_PRESETS,
  type DescribeDraft,
} from './describeDraft.ts';

const MEANINGS: Readonly<Record<OutputMeaning, string>> = {
  logits: 'Logits: one number per class',
  probabilities: 'Probabilities: one per class, after softmax',
  classMap: 'Class map: the number of the class',
  binaryLogit: 'Two classes: the second above 0',
  binaryProbability: 'Two classes: the second above 0.5',
};

interface DescribeDialogProps {
  readonly model: ModelInfo;
  readonly found: ModelInterface;
  readonly close: () => void;
}

/** What a graph takes and gives, where it does not say so itself; kept for the file. */
export function DescribeDialog({ model, found, close }: DescribeDialogProps) {
  const [draft, setDraft] = useState(() => draftOf(model, found));
  const [problem, setProblem] = useState<Problem | null>(null);
  const change = (part: Partial<DescribeDraft>): void => setDraft({ ...draft, ...part });
  const save = async (): Promise<void> => {
    try {
      await answerModel(model.id, answersOf(draft, found));
      close();
    } catch (error) {
      setProblem(toProblem(error, { code: 'models.answer', subject: model.name }));
    }
  };
  return (
    <Dialog title={`Input and output of ${model.name}`} onClose={close} testId="describe-dialog">
      <div className="dialog-body describe-body">
        <InputFields draft={draft} found={found} change={change} />
        <OutputFields draft={draft} found={found} change={change} />
        <ClassField draft={draft} found={found} change={change} />
        {problem && <ProblemNote problem={problem} />}
      </div>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={close}>
          Cancel
        </button>
        <button
          type="button"
          className="button primary"
          data-testid="describe-save"
          onClick={() => void save()}
        >
          Save
        </button>
      </div>
    </Dialog>
  );
}

interface FieldsProps {
  readonly draft: DescribeDraft;
  readonly found: ModelInterface;
  readonly change: (part: Partial<DescribeDraft>) => void;
}

function InputFields({ draft, found, change }: FieldsProps) {
  const bytes = takesBytes(found, draft.input);
  const preset = VALUE_PRESETS.find(
    ({ range, mean, std }) => range === draft.range && mean === draft.mean && std === draft.std,
  );
  return (
    <>
      <Row label="Input">
        <Choice
          label="Input"
          value={draft.input}
          options={found.inputs.map(({ name, type, shape }) => ({
            value: name,
            label: described(name, type, shape),
          }))}
          onChange={(input) => change({ input })}
        />
      </Row>
      <Row label="Order">
        <Choice
          label="Order of the input"
          value={draft.inputLayout}
          options={inputLayoutSchema.options.map((value) => ({ value, label: value }))}
          onChange={(inputLayout) => change({ inputLayout })}
        />
        <Segmented
          label="Colours"
          value={draft.colours}
          options={[
            { value: 'rgb', label: 'RGB' },
            { value: 'bgr', label: 'BGR', title: 'As OpenCV has them' },
          ]}
          onChange={(colours) => change({ colours })}
        />
      </Row>
      <Row label="Values">
        {bytes ? (
          <span className="muted">The bytes of the picture, 0 to 255</span>
        ) : (
          <>
            <Choice
              label="Values"
              value={preset?.label ?? 'other'}
              options={[
                ...VALUE_PRESETS.map(({ label }) => ({ value: label, label })),
                ...(preset ? [] : [{ value: 'other', label: 'As written' }]),
              ]}
              onChange={(label) => {
                const chosen = VALUE_PRESETS.find((each) => each.label === label);
                if (chosen) change({ range: chosen.range, mean: chosen.mean, std: chosen.std });
              }}
            />
            <Segmented
              label="Range before mean and deviation"
              value={draft.range}
              options={[
                { value: 'unit', label: '0–1' },
                { value: 'bytes', label: '0–255' },
              ]}
              onChange={(range) => change({ range })}
            />
          </>
        )}
      </Row>
      {!bytes && (
        <Row label="Mean, deviation">
          <TextField label="Mean" value={draft.mean} onChange={(mean) => change({ mean })} />
          <TextField label="Deviation" value={draft.std} onChange={(std) => change({ std })} />
        </Row>
      )}
      <Row label="Height, width">
        {found.fixedSize ? (
          <span className="muted">
            {found.fixedSize.height} × {found.fixedSize.width}, fixed in the file
          </span>
        ) : (
          <>
            <TextField label="Height" value={draft.height} onChange={(height) => change({ height })} />
            <TextField label="Width" value={draft.width} onChange={(width) => change({ width })} />
          </>
        )}
      </Row>
    </>
  );
}

function OutputFields({ draft, found, change }: FieldsProps) {
  return (
    <>
      <Row label="Output">
        <Choice
          label="Output"
          value={draft.output}
          options={found.outputs.map(({ name, type, shape }) => ({
            value: name,
            label: described(name, type, shape),
          }))}
          onChange={(output) => {
            const chosen = found.outputs.find(({ name }) => name === output);
            change({
              output,
              outputLayout: chosen?.layout ?? draft.outputLayout,
              meaning: chosen?.meaning ?? draft.meaning,
            });
          }}
        />
      </Row>
      <Row label="Order">
        <Choice
          label="Order of the output"
          value={draft.outputLayout}
          options={outputLayoutSchema.options.map((value) => ({ value, label: value }))}
          onChange={(outputLayout) => change({ outputLayout })}
        />
      </Row>
      <Row label="It is">
        <Choice
          label="Meaning of the output"
          testId="describe-meaning"
          value={draft.meaning}
          options={(Object.keys(MEANINGS) as OutputMeaning[]).map((value) => ({
            value,
            label: MEANINGS[value],
          }))}
          onChange={(meaning) => change({ meaning })}
        />
      </Row>
    </>
  );
}

function ClassField({ draft, found, change }: FieldsProps) {
  const file = useRef<HTMLInputElement>(null);
  const output = found.outputs.find(({ name }) => name === draft.output);
  const binary = draft.meaning === 'binaryLogit' || draft.meaning === 'binaryProbability';
  const wanted = binary ? 2 : (output?.classes ?? null);
  const count = classNames(draft.classes).length;
  return (
    <Row label="Classes">
      <div className="describe-classes">
        <textarea
          className="field"
          rows={6}
          aria-label="Class names"
          placeholder="One name a line, of class 0 first"
          data-testid="describe-classes"
          value={draft.classes}
          onChange={(event) => change({ classes: event.target.value })}
        />
        <div className="describe-count">
          <span className="faint">{wanted === null ? `${count} names` : `${count} of ${wanted} names`}</span>
          <button type="button" className="button" onClick={() => file.current?.click()}>
            From a file…
          </button>
          <input
            ref={file}
            type="file"
            accept=".txt,.json,.names,.csv"
            hidden
            onChange={(event) => {
              void event.target.files?.[0]
                ?.text()
                .then((text) => change({ classes: classNames(text).join('\n') }));
            }}
          />
        </div>
      </div>
    </Row>
  );
}

/** `image float32 [1, 3, ?, ?]` */
function described(name: string, type: string, shape: readonly (number | string)[]): string {
  return `${name} · ${type} [${shape.map((dim) => (dim === '' ? '?' : dim)).join(', ')}]`;
}

function Row({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="describe-row">
      <span>{label}</span>
      <div className="describe-fields">{children}</div>
    </div>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly testId?: string;
  readonly onChange: (value: T) => void;
}

function Choice<T extends string>({ label, value, options, testId, onChange }: ChoiceProps<T>) {
  return (
    <select
      className="select"
      aria-label={label}
      data-testid={testId}
      value={value}
      onChange={(event) => {
        const chosen = options.find((option) => option.value === event.target.value);
        if (chosen) onChange(chosen.value);
      }}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function TextField({ label, value, onChange }: TextFieldProps) {
  return (
    <input
      className="field"
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
