import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { preprocess } from '#core/imaging/preprocess.ts';
import { readOnnx } from '#core/onnx/readOnnx.ts';
import { toProblem } from '#core/problem.ts';
import { partSessionOf, type OpenSession } from '#core/prune/partSession.ts';
import { pruneSegformer } from '#core/prune/pruneSegformer.ts';
import type { PruneJob, PruneMessage } from '../pruneProtocol.ts';
import { decodeImage } from './decodeImage.ts';
import { fetchFile } from './fetchFile.ts';

interface PruneScope {
  postMessage(message: PruneMessage, transfer?: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<PruneJob>) => void): void;
}

/** Minutes of work on all cores: a worker of its own, which the window ends to cancel. */
const scope = self as unknown as PruneScope;

const open: OpenSession = async (onnx) => {
  const session = await InferenceSession.create(onnx, { executionProviders: ['wasm'] });
  return partSessionOf(session, ({ data, dims }) =>
    data instanceof Float32Array ? new Tensor('float32', data, dims) : new Tensor('int64', data, dims),
  );
};

async function prune({ model, images, budget, method }: PruneJob): Promise<void> {
  const file = await fetchFile(model.url, 'model.unreadable', model.name);
  const bytes = new Uint8Array(await file.arrayBuffer());
  const student = await pruneSegformer({
    model: readOnnx(bytes, model.name),
    images: {
      count: images.length,
      load: async (index) => {
        const { url, name } = images[index]!;
        const file = await fetchFile(url, 'image.unreadable', name);
        return preprocess(await decodeImage(file, name), model.preprocessor);
      },
    },
    budget,
    method,
    open,
    onProgress: (progress) => scope.postMessage({ type: 'progress', progress }),
  });
  scope.postMessage({ type: 'done', student }, [student.onnx.buffer]);
}

scope.addEventListener('message', ({ data: job }) => {
  env.wasm.wasmPaths = job.runtimeUrl;
  env.wasm.numThreads = job.threads;
  env.logLevel = 'error';
  prune(job).catch((error: unknown) => {
    scope.postMessage({
      type: 'failed',
      problem: toProblem(error, { code: 'prune.failed', subject: job.model.name }),
    });
  });
});
