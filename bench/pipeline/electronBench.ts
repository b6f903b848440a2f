import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { build, type BuildOptions } from 'esbuild';
import { copyFile, cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { preprocessorConfigSchema, type PreprocessorConfig } from '#core/models/modelInfo.ts';
import { findElectron } from '../../scripts/electronRuntime.ts';
import { inRepository, ROOT } from '../../scripts/repository.ts';
import { BENCH_FOLDER, PEER_PACKAGE, type BenchImage, type BenchModel } from './material.ts';
import type { BenchModels } from './nodeContestants.ts';
import type { BenchPage } from './page/benchPage.ts';
import type { Contestants } from './timedRows.ts';

const PAGE = join(BENCH_FOLDER, 'page');
const PEER_ORT = inRepository('bench', 'peer', 'node_modules', 'onnxruntime-web', 'dist');
const ORT_FILES = ['ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'];

/** Bundles the page, with the studio's own worker, and puts everything that it fetches into one folder. */
export async function buildBenchPage(models: BenchModels): Promise<void> {
  const common: BuildOptions = {
    absWorkingDir: ROOT,
    bundle: true,
    format: 'esm',
    target: 'chrome114',
    logLevel: 'error',
    conditions: ['onnxruntime-web-use-extern-wasm'],
  };
  const source = 'bench/pipeline/page';
  await build({
    ...common,
    format: 'cjs',
    platform: 'node',
    target: 'node18',
    external: ['electron'],
    entryPoints: [`${source}/electronMain.ts`],
    outfile: join(PAGE, 'main.cjs'),
  });
  await build({ ...common, entryPoints: [`${source}/benchPage.ts`], outfile: join(PAGE, 'benchPage.js') });
  await build({
    ...common,
    entryPoints: ['renderer/inference/worker/wasmWorker.ts'],
    outfile: join(PAGE, 'wasmWorker.js'),
  });
  await build({
    ...common,
    entryPoints: ['renderer/inference/worker/engineThread.ts'],
    // The worker asks for it by the name of its source.
    outfile: join(PAGE, 'engineThread.ts'),
  });
  await build({
    ...common,
    entryPoints: [`${source}/peerWorker.ts`],
    outfile: join(PAGE, 'peerWorker.js'),
  });
  await build({
    ...common,
    entryPoints: [join(PEER_PACKAGE, 'dist', 'transformers.web.js')],
    outfile: join(PAGE, 'transformers.js'),
    // Its default build also holds WebGPU and runs WebAssembly more than twice as slowly on older engines.
    alias: { 'onnxruntime-web/webgpu': join(PEER_ORT, 'ort.wasm.min.mjs') },
  });
  await writeFile(
    join(PAGE, 'index.html'),
    '<!doctype html><title>bench</title><script type="module" src="/page/benchPage.js"></script>',
  );
  // Electron is started on a folder, as on any app.
  const manifest = { name: 'dynaseg-bench', version: '1.0.0', main: 'main.cjs' };
  await writeFile(join(PAGE, 'package.json'), JSON.stringify(manifest));
  for (const [folder, from] of [
    ['ort', inRepository('node_modules', 'onnxruntime-web', 'dist')],
    ['peer-ort', PEER_ORT],
  ] as const) {
    await mkdir(join(BENCH_FOLDER, folder), { recursive: true });
    for (const file of ORT_FILES) await copyFile(join(from, file), join(BENCH_FOLDER, folder, file));
  }
  for (const { info } of [models.teacher, models.student]) {
    await cp(dirname(dirname(info.onnxFile)), join(BENCH_FOLDER, 'models', info.id), { recursive: true });
  }
}

/** A page of the bench in Electron, open. */
export class ElectronBench {
  private constructor(
    private readonly app: ElectronApplication,
    private readonly page: Page,
    private readonly models: BenchModels,
  ) {}

  static async launch(models: BenchModels): Promise<ElectronBench> {
    const { executable } = await findElectron((line) => console.error(line));
    const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
    const inherited = Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    const app = await _electron.launch({
      executablePath: executable,
      args: [...(isRoot ? ['--no-sandbox'] : []), PAGE],
      env: { ...Object.fromEntries(inherited), DYNASEG_BENCH_FOLDER: BENCH_FOLDER },
    });
    const page = await app.firstWindow();
    await page.waitForFunction(() => 'bench' in globalThis);
    return new ElectronBench(app, page, models);
  }

  contestants(images: Readonly<Record<'small' | 'large', BenchImage>>): Contestants {
    const { b0of150, b0of11, teacher, student, light, lightSmall } = this.models;
    const urlOf = (size: 'small' | 'large'): string => `/images/${images[size].name}`;
    const inference =
      (model: BenchModel, form: 'plain' | 'exact', keepRatio: number | null = null) =>
      async (): Promise<number> =>
        (await this.ours(urlOf('small'), model, form, keepRatio)).inference;
    return {
      where: 'Electron',
      peer: async (size) => {
        const request = { imageUrl: urlOf(size), model: 'segformer-b0-150' };
        const { total } = await this.page.evaluate(
          (asked) => (globalThis as unknown as { bench: BenchPage }).bench.peer(asked),
          request,
        );
        return total;
      },
      ours: (size) => this.ours(urlOf(size), b0of150, 'exact', null),
      inference: {
        plain150: inference(b0of150, 'plain'),
        exact150: inference(b0of150, 'exact'),
        plain11: inference(b0of11, 'plain'),
        teacher: inference(teacher, 'exact'),
        keep70: inference(student, 'exact', 0.7),
        keep50: inference(student, 'exact', 0.5),
        light: inference(light, 'exact'),
        lightSmall: inference(lightSmall, 'exact'),
      },
    };
  }

  /** Share of equal pixels of the last masks of both. */
  equalShare(): Promise<number> {
    return this.page.evaluate(() => (globalThis as unknown as { bench: BenchPage }).bench.equal());
  }

  /** Megabytes that the page's process had in memory at its peak after a teacher and two students have run. */
  async peakMemory(image: BenchImage): Promise<number> {
    const url = `/images/${image.name}`;
    for (let round = 0; round < 2; round++) {
      await this.ours(url, this.models.teacher, 'exact', null);
      await this.ours(url, this.models.student, 'exact', null);
      await this.ours(url, this.models.student, 'exact', 0.5);
    }
    return this.app.evaluate(({ app }) => {
      const pages = app.getAppMetrics().filter(({ type }) => type === 'Tab');
      return Math.max(...pages.map(({ memory }) => memory.peakWorkingSetSize)) / 1024;
    });
  }

  close(): Promise<void> {
    return this.app.close();
  }

  private ours(
    imageUrl: string,
    { info, exact }: BenchModel,
    form: 'plain' | 'exact',
    keepRatio: number | null,
  ): ReturnType<BenchPage['ours']> {
    const preprocessor: PreprocessorConfig = preprocessorConfigSchema.parse(info.preprocessor);
    const request = {
      imageUrl,
      model: {
        url: form === 'exact' ? `/forms/${info.id}.onnx` : `/models/${info.id}/onnx/model.onnx`,
        name: `${info.id}, ${form}`,
        sha256: form === 'exact' ? exact.sha256 : info.sha256,
        preprocessor,
      },
      settings: { sizing: 'square' as const, keepRatio },
    };
    return this.page.evaluate(
      (asked) => (globalThis as unknown as { bench: BenchPage }).bench.ours(asked),
      request,
    );
  }
}
