import { z } from 'zod';
import { classId, type ClassTable } from '../../labels/classTable.ts';
import { vocColour } from '../../labels/vocColour.ts';
import { ProblemError } from '../../problem.ts';
import { assertAtMost, indexById, unnamedClasses } from '../formatClasses.ts';
import { parseAs, readText } from '../formatText.ts';
import { findFile } from '../layoutFiles.ts';
import type { FormatFiles, MaskEntry, MaskFormat, Split } from '../maskFormat.ts';
import { encodeValuePng } from '../png.ts';
import { readValueMask } from '../readPngMask.ts';

const FOLDERS: Readonly<Record<Split, string>> = { train: 'train', val: 'validation' };
const METADATA_FILE = 'metadata.jsonl';
const LABELS_FILE = 'id2label.json';
const PREPROCESSOR_FILE = 'preprocessor_config.json';
const IGNORE = 255;

const rowSchema = z.looseObject({ file_name: z.string(), mask_file_name: z.string() });
const labelsSchema = z.record(z.string().regex(/^\d+$/), z.string().min(1));
const preprocessorSchema = z.looseObject({
  do_reduce_labels: z.boolean().optional(),
  reduce_labels: z.boolean().optional(),
});

/**
 * The imagefolder of Hugging Face's datasets: pairs are named in a metadata.jsonl in each split's folder, because one
 * at the root is ignored, and without one the folders become labels.
 */
export const imagefolderFormat: MaskFormat = {
  id: 'imagefolder',
  title: 'Hugging Face imagefolder',
  layout: `{train,validation}/${METADATA_FILE}, images and masks/*.png (0 to n - 1, 255 ignored), ${LABELS_FILE}, ${PREPROCESSOR_FILE}`,
  fidelity: 'lossless',
  images: 'as they are',
  splits: true,
  async recognise(files) {
    const lists = await metadataFiles(files);
    return lists.length > 0 ? `${lists.join(', ')} with mask_file_name` : null;
  },
  async open(files) {
    const labels = findFile(files, LABELS_FILE);
    const classTable =
      labels === null ? unnamedClasses() : tableOfLabels(await readText(files, labels), labels);
    const offset = (await reducesLabels(files)) ? 1 : 0;
    const known = new Set<number>(classTable.classes.map(({ id }) => id));
    const idOf = (value: number) => {
      if (value === IGNORE || value - offset < 0) return classTable.ignoreId;
      return known.has(value - offset) ? value - offset : null;
    };
    const entries: MaskEntry[] = [];
    for (const list of await metadataFiles(files)) {
      const folder = list.slice(0, -METADATA_FILE.length);
      const lines = (await readText(files, list)).split(/\r?\n/).filter((line) => line.trim() !== '');
      for (const [index, line] of lines.entries()) {
        const row = parseAs(line, rowSchema, 'imagefolder.row', `${list}, line ${index + 1}`);
        const file = `${folder}${row.mask_file_name}`;
        entries.push({
          subject: `mask ${file}`,
          file,
          image: row.file_name,
          read: async () =>
            readValueMask(await readNamed(files, file, list), `mask ${file}`, classTable, idOf),
        });
      }
    }
    return { classTable, named: labels !== null, entries, problems: [] };
  },
  createWriter({ classTable, images, projectName }) {
    assertAtMost(classTable, IGNORE, imagefolderFormat.title);
    const indices = indexById(classTable);
    const maskOf = (index: number) => `${FOLDERS[images[index]!.split]}/masks/${images[index]!.flat}.png`;
    const names = classTable.classes.map(({ name }) => name);
    return {
      place(index) {
        const { split, flat, ending } = images[index]!;
        return { mask: maskOf(index), image: `${FOLDERS[split]}/${flat}${ending}` };
      },
      add(index, classMap) {
        const { flat, ending, split } = images[index]!;
        const row = { file_name: `${flat}${ending}`, mask_file_name: `masks/${flat}.png` };
        return [
          { path: maskOf(index), content: () => encodeValuePng(classMap, (id) => indices.get(id) ?? IGNORE) },
          { path: `${FOLDERS[split]}/${METADATA_FILE}`, append: `${JSON.stringify(row)}\n` },
        ];
      },
      finish: () => [
        {
          path: LABELS_FILE,
          content: () => `${JSON.stringify(Object.fromEntries(names.entries()), null, 2)}\n`,
        },
        {
          path: PREPROCESSOR_FILE,
          content: () => `${JSON.stringify({ do_reduce_labels: false, ignore_index: IGNORE }, null, 2)}\n`,
        },
        { path: 'README.md', content: () => datasetCard(projectName, names) },
      ],
    };
  },
};

async function metadataFiles(files: FormatFiles): Promise<string[]> {
  const found: string[] = [];
  for (const name of files.names) {
    if (!name.endsWith(`/${METADATA_FILE}`) && name !== METADATA_FILE) continue;
    if ((await readText(files, name)).includes('"mask_file_name"')) found.push(name);
  }
  return found;
}

function tableOfLabels(text: string, subject: string): ClassTable {
  const labels = parseAs(text, labelsSchema, 'imagefolder.labels', subject);
  const classes = Object.entries(labels)
    .map(([id, name]) => ({ id: classId(Number(id)), name, colour: vocColour(Number(id) + 1) }))
    .sort((a, b) => a.id - b.id);
  return { classes, ignoreId: classId(Math.max(...classes.map(({ id }) => id)) >= IGNORE ? 65535 : IGNORE) };
}

/** Whether 0 means nothing and every class is one lower: preprocessor_config.json says so. */
async function reducesLabels(files: FormatFiles): Promise<boolean> {
  const file = findFile(files, PREPROCESSOR_FILE);
  if (file === null) return false;
  const config = parseAs(await readText(files, file), preprocessorSchema, 'imagefolder.preprocessor', file);
  return config.do_reduce_labels ?? config.reduce_labels ?? false;
}

async function readNamed(files: FormatFiles, file: string, list: string): Promise<Uint8Array> {
  if (files.names.includes(file)) return files.read(file);
  throw new ProblemError({
    code: 'imagefolder.missing',
    title: `names ${file}, which is not there`,
    subject: list,
  });
}

function datasetCard(project: string, names: readonly string[]): string {
  return `---
task_categories:
  - image-segmentation
---

# ${project}

Semantic segmentation, ${names.length} classes (\`${LABELS_FILE}\`). A mask's value is the class id, 255 is ignored;
0 is a class, so \`do_reduce_labels\` is false.

\`\`\`python
from datasets import load_dataset

dataset = load_dataset("imagefolder", data_dir=".")
image, mask = dataset["train"][0]["image"], dataset["train"][0]["mask"]
\`\`\`
`;
}
