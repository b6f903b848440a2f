import { pairClasses } from '#core/formats/classPairs.ts';
import { FORMATS, formatById } from '#core/formats/formatRegistry.ts';
import type { MaskFormat } from '#core/formats/maskFormat.ts';
import { DEFAULT_CORRECTED_WEIGHT } from '#core/formats/retrainOptions.ts';
import type { SplitKind } from '#core/formats/splitImages.ts';
import { nameKey, type ClassTable } from '#core/labels/classTable.ts';
import type { ExportRequest } from '../../store/useJobs.ts';
import { ClassOptions } from '../../ui/ClassOptions.tsx';
import { NumberField } from '../../ui/NumberField.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import { RetrainChoice } from './RetrainChoice.tsx';

/** How the masks are written: all of an export but where to. */
export interface ExportChoice extends Omit<ExportRequest, 'folder' | 'retrain'> {
  /** Of formats that weigh: how much a pixel counts that a person decided. */
  readonly correctedWeight: number;
}

export const FIRST_CHOICE: ExportChoice = {
  format: 'png',
  split: { by: 'none', valShare: 0.2, seed: 1 },
  map: {},
  correctedWeight: DEFAULT_CORRECTED_WEIGHT,
};

/** In the order of the registry, but for the one that needs nothing else first. */
const LISTED: readonly MaskFormat[] = [...FORMATS].sort(
  (a, b) => Number(b.id === 'png') - Number(a.id === 'png') || (a.title < b.title ? -1 : 1),
);

/** The project's classes that a format with classes of its own does not have, and nothing is chosen for. */
export function unmappedClasses({ format, map }: ExportChoice, table: ClassTable): string[] {
  const target = formatById(format).fixedClasses;
  if (!target) return [];
  return pairClasses(table, target, new Map())
    .filter(({ targetId, name }) => targetId === null && map[name] === undefined)
    .map(({ name }) => name);
}

interface FormatChoiceProps {
  readonly choice: ExportChoice;
  readonly table: ClassTable;
  readonly onChange: (choice: ExportChoice) => void;
}

/** The format, what it writes, which part of the images is to validate on, and classes that it has by other names. */
export function FormatChoice({ choice, table, onChange }: FormatChoiceProps) {
  const format = formatById(choice.format);
  return (
    <>
      <label className="export-format">
        <span>Format</span>
        <select
          className="field"
          data-testid="export-format"
          value={choice.format}
          onChange={(event) => onChange({ ...choice, format: formatById(event.target.value).id, map: {} })}
        >
          {LISTED.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <p className="muted export-layout">
        {format.layout}; manifest.json with sources, models, verdicts and hashes.
        {format.images !== 'none' && ` Images are copied ${format.images}.`}
      </p>
      {format.splits && <SplitChoice choice={choice} onChange={onChange} />}
      {format.weighs && (
        <RetrainChoice
          correctedWeight={choice.correctedWeight}
          onChange={(correctedWeight) => onChange({ ...choice, correctedWeight })}
        />
      )}
      {format.fixedClasses && (
        <ClassChoice choice={choice} onChange={onChange} table={table} target={format.fixedClasses} />
      )}
    </>
  );
}

const SPLITS: readonly { value: SplitKind; label: string; title: string }[] = [
  { value: 'none', label: 'All for training', title: 'No image is held back' },
  { value: 'random', label: 'Random', title: 'A share of the images, by the seed' },
  { value: 'drive', label: 'By drive', title: 'Whole drives: names up to the first _' },
];

function SplitChoice({ choice, onChange }: Omit<FormatChoiceProps, 'table'>) {
  const { split } = choice;
  const change = (part: Partial<ExportChoice['split']>): void =>
    onChange({ ...choice, split: { ...split, ...part } });
  return (
    <div className="export-split">
      <Segmented label="Validation" value={split.by} options={SPLITS} onChange={(by) => change({ by })} />
      {split.by !== 'none' && (
        <>
          <NumberField
            label="Validate on, percent"
            value={Math.round(split.valShare * 100)}
            min={1}
            max={90}
            unit="%"
            title="Share of the images to validate on"
            onChange={(percent) => change({ valShare: percent / 100 })}
          />
          <NumberField
            label="Seed"
            value={split.seed}
            min={0}
            max={9999}
            unit="seed"
            title="The same seed gives the same split"
            onChange={(seed) => change({ seed })}
          />
        </>
      )}
    </div>
  );
}

function ClassChoice({
  choice,
  table,
  target,
  onChange,
}: FormatChoiceProps & { readonly target: ClassTable }) {
  const pairs = pairClasses(table, target, new Map(Object.entries(choice.map)));
  const shown = pairs.filter(({ how }) => how === 'unknown' || how === 'chosen');
  const renamed = pairs.filter(({ name, targetId, how }) => {
    const label = target.classes.find(({ id }) => id === targetId)?.name;
    return how === 'alias' && label !== undefined && nameKey(label) !== nameKey(name);
  });
  return (
    <>
      {renamed.length > 0 && (
        <p className="muted">
          {renamed
            .map(
              ({ name, targetId }) => `${name} is ${target.classes.find(({ id }) => id === targetId)?.name}`,
            )
            .join(', ')}{' '}
          there.
        </p>
      )}
      {shown.map(({ name }) => (
        <label key={name} className="export-format">
          <span>{name} is</span>
          <select
            className="field"
            data-testid={`export-class-${name}`}
            value={choice.map[name] ?? ''}
            onChange={(event) => onChange({ ...choice, map: { ...choice.map, [name]: event.target.value } })}
          >
            {choice.map[name] === undefined && <option value="">choose…</option>}
            <ClassOptions classes={target.classes} />
          </select>
        </label>
      ))}
    </>
  );
}
