import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inRepository, isStartedScript, ROOT } from './repository.ts';
import { run } from './run.ts';

const require = createRequire(import.meta.url);

/** The WebAssembly of the kernels, as text that the bundles and the command line hold: no file to find or fetch. */
const GENERATED = 'core/imaging/kernels/kernels.generated.ts';
const MODULES = ['resize', 'scanLogits', 'paintCells'].map(
  (name) => `core/imaging/kernels/assembly/${name}.ts`,
);

/** What they are made from, relative to the root. */
export const KERNEL_SOURCES: readonly string[] = ['scripts/buildKernels.ts', ...MODULES];

/** Compiles the kernels. Throws with the compiler's message. */
async function compileKernels(): Promise<Uint8Array> {
  const compiler = require.resolve('assemblyscript/package.json');
  const scratch = await mkdtemp(join(tmpdir(), 'dynaseg-kernels-'));
  try {
    const outFile = join(scratch, 'kernels.wasm');
    const options = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--initialMemory', '1'];
    const args = [join(dirname(compiler), 'bin', 'asc.js'), ...MODULES, ...options, '--outFile', outFile];
    const { code, stdout, stderr } = await run(process.execPath, args, { cwd: ROOT, timeoutMs: 300_000 });
    if (code !== 0) throw new Error(`the kernels cannot be compiled:\n${stdout}${stderr}`);
    return await readFile(outFile);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What belongs into the generated file. */
export async function generateKernels(): Promise<string> {
  const hex = Buffer.from(await compileKernels()).toString('hex');
  return `// Made of assembly/*.ts by scripts/buildKernels.ts, which npm run build starts.\n\n/** WebAssembly, hexadecimal. */\nexport const KERNELS_HEX =\n  '${hex}';\n`;
}

export async function readGeneratedKernels(): Promise<string> {
  return readFile(inRepository(GENERATED), 'utf8');
}

/** Compiles the kernels and writes them where they are used, if they are others than before. */
export async function buildKernels(): Promise<void> {
  const text = await generateKernels();
  const before = await readGeneratedKernels().catch(() => '');
  if (text !== before) await writeFile(inRepository(GENERATED), text);
}

if (isStartedScript(import.meta.url)) await buildKernels();
