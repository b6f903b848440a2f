import { z } from 'zod';
import { findClass, idsByName, nameKey, type ClassTable } from '../../labels/classTable.ts';
import { boxesById } from '../../mask/boxesById.ts';
import { ProblemError } from '../../problem.ts';
import { emptyMask } from '../emptyMask.ts';
import { tableOfLabels } from '../formatClasses.ts';
import { jsonFilesWith, parseAs, quotes, RECOGNISE_FILES, readText } from '../formatText.ts';
import { decodeBrush, encodeBrush } from '../labelStudioRle.ts';
import type { FormatFiles, MaskEntry, MaskFormat, NamedEntry, ReadMask } from '../maskFormat.ts';

const TASKS_FILE = 'tasks.json';
const CONFIG_FILE = 'label_config.xml';
const CODE = 'labelStudio.json';
const IMAGE_ROOT = '/data/local-files/?d=';

const brushSchema = z.looseObject({
  type: z.literal('brushlabels'),
  original_width: z.int().positive(),
  original_height: z.int().positive(),
  image_rotation: z.number().optional(),
  value: z.looseObject({
    format: z.literal('rle'),
    rle: z.array(z.int().min(0).max(255)),
    brushlabels: z.array(z.string()).min(1),
  }),
});
const resultSchema = z.union([brushSchema, z.looseObject({ type: z.string() })]);
const runSchema = z.looseObject({ result: z.array(resultSchema), was_cancelled: z.boolean().optional() });
const taskSchema = z.looseObject({
  id: z.union([z.number(), z.string()]).optional(),
  data: z.record(z.string(), z.unknown()),
  annotations: z.array(runSchema).optional(),
  predictions: z.array(runSchema).optional(),
});
type Task = z.output<typeof taskSchema>;
type Brush = z.output<typeof brushSchema>;

/** Upright pixels of an image. */
interface Size {
  readonly width: number;
  readonly height: number;
}

interface FoundTask {
  readonly file: string;
  readonly task: Task;
  readonly brushes: readonly Brush[];
  /** Null where nothing says it. */
  readonly size: Size | null;
}

/**
 * Tasks of Label Studio with brush labels, one region per class. Pixels to ignore have no region: an image of nothing
 * else is an annotation without any, whose size the task's own data tell.
 */
export const labelStudioFormat: MaskFormat = {
  id: 'label-studio',
  title: 'Label Studio brush RLE',
  layout: `${TASKS_FILE} with brush labels, ${CONFIG_FILE} for the project's labelling interface`,
  fidelity: 'lossless',
  images: 'none',
  splits: false,
  async recognise(files) {
    const names = await taskFiles(files, RECOGNISE_FILES);
    return names.length > 0 ? `${names.join(', ')} with brushlabels` : null;
  },
  async open(files) {
    const tasks: FoundTask[] = [];
    for (const file of await taskFiles(files)) {
      const list = parseAs(await readText(files, file), z.array(taskSchema), CODE, file);
      for (const task of list) tasks.push({ file, task, ...labelledBy(task) });
    }
    const labels = tasks.flatMap(({ brushes }) => brushes.flatMap(({ value }) => value.brushlabels));
    const classTable = tableOfLabels(labels, 'brushlabels');
    return {
      classTable,
      named: true,
      entries: tasks.flatMap((task, index) => entryOf(task, index, classTable)),
      problems: [],
    };
  },
  createWriter({ classTable, images }) {
    let count = 0;
    return {
      place: () => ({ mask: TASKS_FILE, image: null }),
      add(index, classMap) {
        const { width, height, ids } = classMap;
        const { name } = images[index]!;
        const result = [...boxesById(classMap).keys()].flatMap((id) => {
          const label = findClass(classTable, id)?.name;
          if (label === undefined) return [];
          const rle = [...encodeBrush(ids.length, (pixel) => ids[pixel] === id)];
          return [
            {
              id: `${index + 1}-${id}`,
              type: 'brushlabels',
              from_name: 'tag',
              to_name: 'image',
              original_width: width,
              original_height: height,
              image_rotation: 0,
              value: { format: 'rle', rle, brushlabels: [label] },
            },
          ];
        });
        const data = { image: `${IMAGE_ROOT}${urlOf(name)}`, width, height };
        const task = { id: index + 1, data, annotations: [{ result }] };
        return [{ path: TASKS_FILE, append: `${count++ === 0 ? '[' : ',\n'}${JSON.stringify(task)}` }];
      },
      finish: () => [
        { path: TASKS_FILE, append: count === 0 ? '[]\n' : ']\n' },
        { path: CONFIG_FILE, content: () => labelConfig(classTable.classes) },
      ],
    };
  },
};

const BRUSH_WORDS = ['brushlabels', 'rle'];
const EMPTY_WORDS = ['data', 'annotations', 'result', 'width', 'height'];

/** With brushes, or of images of which nothing is labelled: then no result says what its type is. */
const isTasks = (text: string): boolean =>
  quotes(text, BRUSH_WORDS) || (quotes(text, EMPTY_WORDS) && !quotes(text, ['type']));

const taskFiles = (files: FormatFiles, most?: number): Promise<string[]> =>
  jsonFilesWith(files, isTasks, most);

const sizeSchema = z.looseObject({ width: z.int().positive(), height: z.int().positive() });

/** The brushes of the last annotation that was not cancelled, else of the first prediction. */
function labelledBy(task: Task): Pick<FoundTask, 'brushes' | 'size'> {
  const { annotations = [], predictions = [], data } = task;
  const run = annotations.filter(({ was_cancelled: cancelled }) => !cancelled).at(-1) ?? predictions[0];
  const results = run?.result ?? [];
  const brushes = results.filter((result): result is Brush => brushSchema.safeParse(result).success);
  const [first] = brushes;
  if (first) return { brushes, size: { width: first.original_width, height: first.original_height } };
  const said = run && results.length === 0 ? sizeSchema.safeParse(data) : null;
  return { brushes, size: said?.success ? said.data : null };
}

function entryOf(found: FoundTask, index: number, classTable: ClassTable): MaskEntry[] {
  const { file, task, brushes, size } = found;
  const image = Object.values(task.data).find((value) => typeof value === 'string');
  if (image === undefined || size === null) return [];
  const subject = `${file}, task ${task.id ?? index + 1}`;
  return [
    {
      subject,
      file,
      image: imagePath(image),
      read: () => Promise.resolve(paintBrushes(brushes, size, classTable, subject)),
    },
  ];
}

function paintBrushes(
  brushes: readonly Brush[],
  { width, height }: Size,
  classTable: ClassTable,
  subject: string,
): ReadMask {
  const { ids } = emptyMask({ width, height }, classTable, subject);
  const idOf = idsByName(classTable);
  for (const brush of brushes) {
    const turned = (brush.image_rotation ?? 0) % 360 !== 0;
    if (turned || brush.original_width !== width || brush.original_height !== height) {
      throw new ProblemError({
        code: 'labelStudio.rotated',
        title: turned ? `turned by ${brush.image_rotation} degrees` : 'regions of different sizes',
        subject,
        hint: 'Turn the image itself, and label it upright',
      });
    }
    const id = idOf.get(nameKey(brush.value.brushlabels[0]!))!;
    decodeBrush(Uint8Array.from(brush.value.rle), width * height, subject, (pixel) => (ids[pixel] = id));
  }
  return { classMap: { width, height, ids }, unknown: [] };
}

/** Signs that would end the path of a URL, or be taken for others. */
const urlOf = (name: string): string => name.replaceAll(/[%&#?+]/g, encodeURIComponent);

/** `/data/local-files/?d=bonn/1.jpg`, `/data/upload/3/1a2b3c4d-1.jpg` and URLs: the path of the image. */
function imagePath(url: string): string {
  const local = /[?&]d=([^&]+)/.exec(url)?.[1];
  if (local !== undefined) return decoded(local);
  const path = decoded(url.replace(/^[a-z0-9+.-]+:\/\/[^/]*\//i, '').replace(/[?#].*$/, ''));
  return path
    .replace(/^\/?data\/upload\/\d+\//, '')
    .replace(/^[0-9a-f]{8}-/, '')
    .replace(/^\//, '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function labelConfig(classes: readonly NamedEntry[]): string {
  const escaped = (text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  const hex = (colour: readonly number[]) =>
    `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
  const labels = classes.map(
    ({ name, colour }) => `    <Label value="${escaped(name)}" background="${hex(colour)}"/>`,
  );
  return `<View>
  <Image name="image" value="$image" zoom="true"/>
  <BrushLabels name="tag" toName="image">
${labels.join('\n')}
  </BrushLabels>
</View>
`;
}
