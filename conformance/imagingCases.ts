/**
 * Runs cases that test_imaging.py wrote: `tsx conformance/imagingCases.ts CASES.json`. Pixels come and go as raw
 * files, so that nothing but the code under test touches them. Prints one JSON list: per case the size of what it
 * wrote, or the problem that it met.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { decodeMaskPng, encodeIndexedPng } from '#core/formats/indexedPng.ts';
import { preprocess } from '#core/imaging/preprocess.ts';
import { resizeRgb, resizeRgba } from '#core/imaging/resize.ts';
import type { RgbaImage } from '#core/imaging/rgbaImage.ts';
import { vocColour } from '#core/labels/vocColour.ts';
import { preprocessorConfigSchema } from '#core/models/modelInfo.ts';
import { toProblem } from '#core/problem.ts';
import { decodeImageFile } from '../main/node/decodeImage.ts';

const size = { width: z.int().positive(), height: z.int().positive() };
const files = { input: z.string(), output: z.string() };

const caseSchema = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('resize'),
    ...files,
    ...size,
    outWidth: z.int().positive(),
    outHeight: z.int().positive(),
    filter: z.enum(['nearest', 'box', 'bilinear', 'hamming', 'bicubic', 'lanczos']),
    mode: z.enum(['RGB', 'RGBA']),
  }),
  z.strictObject({ do: z.literal('preprocess'), ...files, ...size, config: preprocessorConfigSchema }),
  z.strictObject({ do: z.literal('encodeMask'), ...files, ...size }),
  z.strictObject({ do: z.literal('decodeMask'), ...files }),
  z.strictObject({ do: z.literal('decodeImage'), ...files }),
]);
type Case = z.infer<typeof caseSchema>;

interface Made {
  bytes: NodeJS.ArrayBufferView;
  width: number;
  height: number;
}

async function run(task: Case): Promise<Made> {
  const bytes = new Uint8Array(readFileSync(task.input));
  switch (task.do) {
    case 'resize': {
      const options = { width: task.outWidth, height: task.outHeight, filter: task.filter };
      const picture = rgba(bytes, task);
      const made = task.mode === 'RGB' ? resizeRgb(picture, options) : resizeRgba(picture, options).data;
      return { bytes: made, ...options };
    }
    case 'preprocess': {
      const { pixelValues, width, height } = preprocess(rgba(bytes, task), task.config);
      return { bytes: pixelValues, width, height };
    }
    case 'encodeMask': {
      const ids = new Uint16Array(bytes.buffer);
      const { width, height } = task;
      return { bytes: encodeIndexedPng({ width, height, ids }, { palette: vocColour }), width, height };
    }
    case 'decodeMask': {
      const { width, height, ids } = decodeMaskPng(bytes, 'mask');
      return { bytes: Uint16Array.from(ids), width, height };
    }
    case 'decodeImage': {
      const { width, height, data } = await decodeImageFile(bytes, 'image');
      return { bytes: data, width, height };
    }
  }
}

function rgba(bytes: Uint8Array, { width, height }: { width: number; height: number }): RgbaImage {
  return { width, height, data: new Uint8ClampedArray(bytes.buffer) };
}

const cases = z.array(caseSchema).parse(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')));
const results: unknown[] = [];
for (const task of cases) {
  try {
    const { bytes, width, height } = await run(task);
    writeFileSync(task.output, bytes);
    results.push({ width, height });
  } catch (error) {
    results.push({ problem: toProblem(error, { code: 'unexpected' }) });
  }
}
process.stdout.write(JSON.stringify(results));
