import { DEFAULT_RUN_SETTINGS } from '#core/inference/runSettings.ts';
import type { ModelParity } from '#core/ipc/schemas.ts';
import type { ClassMap } from '#core/mask/classMap.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { formatProblem, toProblem } from '#core/problem.ts';
import { useBackend } from '../store/useBackend.ts';
import { backendClient } from './backendClient.ts';
import { equalShare } from './equalShare.ts';
import { findAdapter } from './findAdapter.ts';
import { probePicture } from './probePicture.ts';
import type { SegmentJob } from './protocol.ts';

type Parity = ModelParity['optimised'];

/**
 * Runs a model on the probe picture in the forms that the studio would run, each in a worker of its own that is ended
 * afterwards, and compares them pixel by pixel with the model's own graph on WebAssembly.
 *
 * @param form whether the studio rewrites it, and why not
 * @throws ProblemError where its own graph cannot be run: then there is nothing to compare with
 */
export async function verifyModel(
  model: ModelInfo,
  form: { readonly optimised: boolean; readonly reason: string | null },
): Promise<Omit<ModelParity, 'version'>> {
  const reference = await runOnce('wasm', model, 'original');
  const optimised = form.optimised
    ? await compare(reference, () => runOnce('wasm', model, 'wasm'))
    : { equal: null, why: `it runs as it was exported: ${form.reason ?? 'it is no SegFormer'}` };
  const adapter = useBackend.getState().adapter ?? (await findAdapter());
  const webgpu = adapter.found
    ? await compare(reference, () => runOnce('webgpu', model, 'webgpu'), adapter.name)
    : { equal: null, why: 'this machine has no WebGPU adapter' };
  return { optimised, webgpu };
}

async function compare(reference: ClassMap, run: () => Promise<ClassMap>, why = ''): Promise<Parity> {
  try {
    return { equal: equalShare(reference, await run()), why };
  } catch (error) {
    return { equal: null, why: formatProblem(toProblem(error, { code: 'verify.failed' })) };
  }
}

async function runOnce(
  backend: 'wasm' | 'webgpu',
  { onnxUrl, name, sha256, preprocessor }: ModelInfo,
  form: 'original' | 'wasm' | 'webgpu',
): Promise<ClassMap> {
  const client = backendClient(backend);
  const model: SegmentJob['model'] = { url: `${onnxUrl}?form=${form}`, name, sha256, preprocessor };
  try {
    const job = { image: probePicture(), model, settings: DEFAULT_RUN_SETTINGS };
    return (await client.segment(job, { priority: 0 })).classMap;
  } finally {
    client.destroy({ code: 'verify.done', severity: 'note', title: 'done' });
  }
}
