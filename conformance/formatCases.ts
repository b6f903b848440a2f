/**
 * Writes and reads mask formats for test_formats.py: `tsx conformance/formatCases.ts TASK.json`. Masks come and go as
 * raw ids of one byte, so that nothing but the code under test touches them. Prints one JSON list.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { pairClasses, remapBetween } from '#core/formats/classPairs.ts';
import { FORMAT_IDS } from '#core/formats/maskFormat.ts';
import { createClassTable } from '#core/labels/classTable.ts';
import { runExport } from '../main/node/exportRunner.ts';
import { openMasks } from '../main/node/formatFolder.ts';

const taskSchema = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('write'),
    classes: z.array(z.string()),
    images: z.string(),
    masks: z.array(z.strictObject({ image: z.string(), ids: z.string(), width: z.int(), height: z.int() })),
    formats: z.array(z.enum(FORMAT_IDS)),
    out: z.string(),
  }),
  z.strictObject({
    do: z.literal('read'),
    classes: z.array(z.string()),
    from: z.array(z.strictObject({ path: z.string(), out: z.string() })),
  }),
]);
type Task = z.infer<typeof taskSchema>;

async function write(task: Extract<Task, { do: 'write' }>): Promise<unknown[]> {
  const classTable = createClassTable(task.classes);
  const results: unknown[] = [];
  for (const format of task.formats) {
    const source = {
      projectName: 'conformance',
      imageFolder: task.images,
      classTable,
      images: task.masks.map(({ image }, index) => ({ id: index + 1, name: image })),
      readMask: (id: number) => {
        const { ids, width, height } = task.masks[id - 1]!;
        const classMap = { width, height, ids: new Uint8Array(readFileSync(ids)) };
        return Promise.resolve({ classMap, origin: null });
      },
    };
    const split = { by: 'random', valShare: 0.5, seed: 1 } as const;
    results.push(await runExport(source, { folder: join(task.out, format), format, split }));
  }
  return results;
}

async function read(task: Extract<Task, { do: 'read' }>): Promise<unknown[]> {
  const target = createClassTable(task.classes);
  const results: unknown[] = [];
  for (const { path, out } of task.from) {
    const { format, set } = await openMasks(path);
    const table = remapBetween(set.classTable, target, pairClasses(set.classTable, target, new Map()));
    mkdirSync(out, { recursive: true });
    const masks: unknown[] = [];
    for (const [index, entry] of set.entries.entries()) {
      const { classMap, unknown } = await entry.read();
      const file = join(out, `${index}.raw`);
      writeFileSync(
        file,
        Uint8Array.from(classMap.ids, (id) => table[id]!),
      );
      masks.push({ image: entry.image, width: classMap.width, height: classMap.height, file, unknown });
    }
    results.push({ format: format.id, masks });
  }
  return results;
}

const task = taskSchema.parse(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')));
process.stdout.write(JSON.stringify(task.do === 'write' ? await write(task) : await read(task)));
