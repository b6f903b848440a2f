import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { externalFileNames } from '#core/onnx/externalData.ts';
import type { OnnxModel } from '#core/onnx/onnxModel.ts';
import { readOnnx } from '#core/onnx/readOnnx.ts';
import { unreadable } from './fileProblem.ts';
import { resolveInside } from './resolveInside.ts';

/**
 * Reads an ONNX file with the weights that lie in files beside it. Those are taken from the model's own folder, never
 * from elsewhere.
 *
 * @throws ProblemError `model.unreadable`, and what readOnnx throws
 */
export async function readOnnxFile(file: string): Promise<{ model: OnnxModel; bytes: number }> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw unreadable('model.unreadable', file, error);
  });
  const subject = basename(file);
  const alone = readOnnx(bytes, subject, { externalFiles: 'leave' });
  const names = externalFileNames(alone);
  if (names.length === 0) return { model: alone, bytes: bytes.length };
  const externalFiles = new Map<string, Uint8Array>();
  for (const name of names) {
    const path = await resolveInside(dirname(file), name);
    const content = path === null ? null : await readFile(path).catch(() => null);
    // One that is not there is left out: readOnnx names it.
    if (content) externalFiles.set(name, content);
  }
  return { model: readOnnx(bytes, subject, { externalFiles }), bytes: bytes.length };
}
