import { copyFile, cp, mkdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { build as bundle, type BuildOptions } from 'esbuild';
import { build as buildPage } from 'vite';
import { buildKernels, KERNEL_SOURCES } from './buildKernels.ts';
import { buildWhenChanged } from './buildStamp.ts';
import { inRepository, isStartedScript, ROOT } from './repository.ts';

const require = createRequire(import.meta.url);

/** Every bundle is rebuilt when these change. */
const TOOLING = ['package-lock.json', 'scripts/build.ts', 'tsconfig.base.json'];

/** onnxruntime-web's files that the studio loads: WebAssembly alone, and the build with WebGPU. */
const ORT_FILES = [
  'ort-wasm-simd-threaded.mjs',
  'ort-wasm-simd-threaded.wasm',
  'ort-wasm-simd-threaded.asyncify.mjs',
  'ort-wasm-simd-threaded.asyncify.wasm',
];

/** Node 18 is that of Electron 25, the oldest runtime that the studio works on. */
const COMMON: BuildOptions = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node18',
  format: 'cjs',
  external: ['electron'],
  sourcemap: true,
  logLevel: 'warning',
  // The bundles are CommonJS: import.meta.url has no meaning there but in libraries that guard it.
  logOverride: { 'empty-import-meta': 'silent' },
};

async function buildMain(): Promise<void> {
  await bundle({ ...COMMON, entryPoints: ['main/index.ts'], outfile: 'dist/main/index.cjs' });
  for (const worker of ['optimiseWorker', 'listWorker']) {
    const entry = `main/node/${worker}.ts`;
    await bundle({ ...COMMON, entryPoints: [entry], outfile: `dist/main/${worker}.cjs` });
  }
  for (const codec of ['@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm', '@jsquash/webp/codec/dec/webp_dec.wasm']) {
    await copyFile(require.resolve(codec), inRepository(`dist/main/${basename(codec)}`));
  }
  // The library looks for its WebAssembly beside the file that it is in.
  const sqlite = require.resolve('node-sqlite3-wasm');
  await copyFile(
    join(dirname(sqlite), 'node-sqlite3-wasm.wasm'),
    inRepository('dist/main/node-sqlite3-wasm.wasm'),
  );
}

async function buildPreload(): Promise<void> {
  await bundle({ ...COMMON, entryPoints: ['preload/index.ts'], outfile: 'dist/preload/index.cjs' });
}

async function buildRenderer(): Promise<void> {
  await buildPage({
    configFile: inRepository('vite.config.ts'),
    root: inRepository('renderer'),
    logLevel: 'warn',
  });
  const target = inRepository('dist/renderer/ort');
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  const source = dirname(require.resolve('onnxruntime-web'));
  for (const file of ORT_FILES) await cp(join(source, file), join(target, file));
}

/** Builds what changed since the last build into dist/. Throws with the bundler's message. */
export async function buildStudio(log: (line: string) => void): Promise<void> {
  // The others hold what it makes.
  const kernels = { name: 'kernels', inputs: KERNEL_SOURCES, build: buildKernels };
  const parts = [
    kernels,
    { name: 'main', inputs: ['core', 'main'], build: buildMain },
    { name: 'preload', inputs: ['core/ipc', 'preload'], build: buildPreload },
    { name: 'renderer', inputs: ['core', 'renderer', 'vite.config.ts'], build: buildRenderer },
  ];
  for (const part of parts) {
    const begun = performance.now();
    const ran = await buildWhenChanged(part.name, [...TOOLING, ...part.inputs], part.build);
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    log(ran ? `build: ${part.name} in ${seconds} s` : `build: ${part.name} is up to date`);
  }
}

if (isStartedScript(import.meta.url)) await buildStudio((line) => console.log(line));
