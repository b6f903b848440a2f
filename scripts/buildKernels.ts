import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inRepository, isStartedScript, ROOT } from './repository.ts';
import { run } from './run.ts';

const require = createRequire(import.meta.url);

/** WebAssembly as text that the bundles and the command line hold: no file to find or fetch. */
export interface KernelModule {
  /** AssemblyScript. */
  readonly sources: readonly string[];
  readonly generated: string;
  readonly constant: string;
  readonly options: readonly string[];
}

/** Pre- and postprocessing, and what computes whole models in memory that threads share. */
export const KERNEL_MODULES: readonly KernelModule[] = [
  {
    sources: ['resize', 'scanLogits', 'paintCells', 'upsample'].map(
      (name) => `core/imaging/kernels/assembly/${name}.ts`,
    ),
    generated: 'core/imaging/kernels/kernels.generated.ts',
    constant: 'KERNELS_HEX',
    options: ['--enable', 'simd', '--initialMemory', '1'],
  },
  {
    sources: ['program', 'layers', 'gemm', 'gates', 'elementwise'].map(
      (name) => `core/engine/assembly/${name}.ts`,
    ),
    generated: 'core/engine/engine.generated.ts',
    constant: 'ENGINE_HEX',
    // prettier-ignore
    options: ['--enable', 'simd', '--enable', 'threads', '--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '32768'],
  },
];

/** What they are made from, relative to the root. */
export const KERNEL_SOURCES: readonly string[] = [
  'scripts/buildKernels.ts',
  ...KERNEL_MODULES.flatMap(({ sources }) => sources),
];

/** Throws with the compiler's message. */
async function compile({ sources, options }: KernelModule): Promise<Uint8Array> {
  const compiler = require.resolve('assemblyscript/package.json');
  const scratch = await mkdtemp(join(tmpdir(), 'dynaseg-kernels-'));
  try {
    const outFile = join(scratch, 'kernels.wasm');
    const common = ['-O3', '--noAssert', '--runtime', 'stub', ...options, '--outFile', outFile];
    const args = [join(dirname(compiler), 'bin', 'asc.js'), ...sources, ...common];
    const { code, stdout, stderr } = await run(process.execPath, args, { cwd: ROOT, timeoutMs: 300_000 });
    if (code !== 0) throw new Error(`the kernels cannot be compiled:\n${stdout}${stderr}`);
    return await readFile(outFile);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What belongs into the generated file. */
export async function generateKernels(module: KernelModule): Promise<string> {
  const hex = Buffer.from(await compile(module)).toString('hex');
  return `// Made of assembly/*.ts by scripts/buildKernels.ts, which npm run build starts.\n\n/** WebAssembly, hexadecimal. */\nexport const ${module.constant} =\n  '${hex}';\n`;
}

export async function readGeneratedKernels({ generated }: KernelModule): Promise<string> {
  return readFile(inRepository(generated), 'utf8');
}

/** Compiles the kernels and writes them where they are used, if they are others than before. */
export async function buildKernels(): Promise<void> {
  for (const module of KERNEL_MODULES) {
    const text = await generateKernels(module);
    const before = await readGeneratedKernels(module).catch(() => '');
    if (text !== before) await writeFile(inRepository(module.generated), text);
  }
}

if (isStartedScript(import.meta.url)) await buildKernels();
