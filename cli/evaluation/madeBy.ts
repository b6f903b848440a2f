import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { cpus, type as systemName, release } from 'node:os';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const versionSchema = z.object({ version: z.string() });

/** What made a report, for its last section: names and versions. */
export async function madeBy(): Promise<Record<string, string>> {
  const versionIn = async (file: string): Promise<string> =>
    versionSchema.parse(JSON.parse(await readFile(file, 'utf8'))).version;
  const runtime = createRequire(import.meta.url).resolve('onnxruntime-web');
  const runtimePackage = `${runtime.slice(0, runtime.lastIndexOf('onnxruntime-web'))}onnxruntime-web/package.json`;
  const [processor] = cpus();
  return {
    'DynaSeg Studio': await versionIn(fileURLToPath(new URL('../../package.json', import.meta.url))),
    'onnxruntime-web': `${await versionIn(runtimePackage)}, WebAssembly`,
    'Node.js': process.versions.node,
    System: `${systemName()} ${release()}`,
    Processor: `${processor?.model.trim() ?? 'unknown'}, ${cpus().length} threads`,
  };
}
