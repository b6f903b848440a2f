import type { ModelInfo } from '#core/models/modelInfo.ts';
import type {
  InputLayout,
  ModelAnswers,
  ModelInterface,
  OutputLayout,
  OutputMeaning,
} from '#core/models/modelMapping.ts';
import { ProblemError } from '#core/problem.ts';

/** What stands in the form; numbers as they are typed. */
export interface DescribeDraft {
  readonly input: string;
  readonly inputLayout: InputLayout;
  readonly colours: 'rgb' | 'bgr';
  readonly range: 'unit' | 'bytes';
  readonly mean: string;
  readonly std: string;
  readonly height: string;
  readonly width: string;
  readonly output: string;
  readonly outputLayout: OutputLayout;
  readonly meaning: OutputMeaning;
  /** One a line. */
  readonly classes: string;
}

/** What exporters most often want, in units of the range. */
export const VALUE_PRESETS: readonly (Pick<DescribeDraft, 'range' | 'mean' | 'std'> & {
  readonly label: string;
})[] = [
  { label: 'ImageNet', range: 'unit', mean: '0.485 0.456 0.406', std: '0.229 0.224 0.225' },
  { label: '0 to 1', range: 'unit', mean: '0 0 0', std: '1 1 1' },
  { label: '−1 to 1', range: 'unit', mean: '0.5 0.5 0.5', std: '0.5 0.5 0.5' },
  { label: '0 to 255', range: 'bytes', mean: '0 0 0', std: '1 1 1' },
];

/** What is known of a model, as the form shows it first. */
export function draftOf(model: ModelInfo, found: ModelInterface): DescribeDraft {
  const { guess, questions } = found;
  const { preprocessor, answers = { version: 1 } } = model;
  const { size } = preprocessor;
  const sides = typeof size === 'number' ? { height: size, width: size } : 'height' in size ? size : null;
  const named = !questions.includes('classNames');
  return {
    input: guess.input.name,
    inputLayout: guess.input.layout,
    colours: guess.input.colours,
    range: answers.input?.range ?? (preprocessor.do_rescale ? 'unit' : 'bytes'),
    mean: (preprocessor.do_normalize ? preprocessor.image_mean : [0, 0, 0]).join(' '),
    std: (preprocessor.do_normalize ? preprocessor.image_std : [1, 1, 1]).join(' '),
    height: sides ? String(sides.height) : '',
    width: sides ? String(sides.width) : '',
    output: guess.output.name,
    outputLayout: guess.output.layout,
    meaning: guess.output.meaning,
    classes: named ? model.classTable.classes.map(({ name }) => name).join('\n') : '',
  };
}

/** True for an input of whole numbers: it gets the picture's bytes, and there is nothing to ask of values. */
export function takesBytes(found: ModelInterface, input: string): boolean {
  return /^u?int/.test(found.inputs.find(({ name }) => name === input)?.type ?? '');
}

/** Throws ProblemError `describe.numbers`, `describe.classes` for what cannot be meant. */
export function answersOf(draft: DescribeDraft, found: ModelInterface): ModelAnswers {
  const classes = classNames(draft.classes);
  if (classes.length === 0) {
    throw new ProblemError({
      code: 'describe.classes',
      title: 'no class has a name',
      hint: 'Write one name a line, of class 0 first, or take them from a file',
    });
  }
  const size = draft.height === '' && draft.width === '' ? undefined : { height: side(draft.height, 'height'), width: side(draft.width, 'width') }; // prettier-ignore
  return {
    version: 1,
    input: {
      name: draft.input,
      layout: draft.inputLayout,
      colours: draft.colours,
      ...(!takesBytes(found, draft.input) && {
        range: draft.range,
        mean: numbers(draft.mean, 'mean'),
        std: numbers(draft.std, 'deviation'),
      }),
      ...(size && !found.fixedSize && { size }),
    },
    output: { name: draft.output, layout: draft.outputLayout, meaning: draft.meaning },
    classes,
  };
}

/** Names of a text with one a line, of a JSON list, or of a config.json with id2label. */
export function classNames(text: string): string[] {
  const trimmed = text.trim();
  if (/^[[{]/.test(trimmed)) {
    try {
      const value = JSON.parse(trimmed) as unknown;
      const list = isRecord(value) && isRecord(value.id2label) ? value.id2label : value;
      if (isRecord(list)) return Object.keys(list).map((_, id) => nameOf(list[String(id)], id));
      if (Array.isArray(list)) return list.map(nameOf);
    } catch {
      // A name may begin with a bracket: then it is one a line all the same.
    }
  }
  return trimmed
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function nameOf(value: unknown, id: number): string {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : `class ${id}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function numbers(text: string, what: string): [number, number, number] {
  const values = text
    .trim()
    .split(/[\s,;]+/)
    .map(Number);
  const [red, green, blue] = values;
  if (values.length === 3 && values.every(Number.isFinite)) return [red!, green!, blue!];
  throw new ProblemError({
    code: 'describe.numbers',
    title: `the ${what} "${text}" is not three numbers`,
    hint: 'Write three numbers with spaces between them: red, green, blue',
  });
}

function side(text: string, what: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 16_384) return value;
  throw new ProblemError({
    code: 'describe.numbers',
    title: `the ${what} "${text}" is not a whole number from 1 to 16384`,
  });
}
