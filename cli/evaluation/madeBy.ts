import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { machineFacts } from '../../main/node/machineFacts.ts';

const versionSchema = z.object({ version: z.string() });

/** What made a report, for its last section: names and versions. */
export async function madeBy(): Promise<Record<string, string>> {
  const versionIn = async (file: string): Promise<string> =>
    versionSchema.parse(JSON.parse(await readFile(file, 'utf8'))).version;
  const runtime = createRequire(import.meta.url).resolve('onnxruntime-web');
  const runtimePackage = `${runtime.slice(0, runtime.lastIndexOf('onnxruntime-web'))}onnxruntime-web/package.json`;
  return {
    'DynaSeg Studio': await versionIn(fileURLToPath(new URL('../../package.json', import.meta.url))),
    'onnxruntime-web': `${await versionIn(runtimePackage)}, WebAssembly`,
    'Node.js': process.versions.node,
    ...machineFacts(),
  };
}
