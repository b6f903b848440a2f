import { parseHubAddress } from '#core/models/hubRepository.ts';
import { hubEndpoint } from '../node/hub/hubEndpoint.ts';
import { downloadFromHub, lookAtHub, type HubProgress } from '../node/hub/hubModels.ts';
import type { Studio } from '../studio.ts';
import type { GroupHandlers } from './calls.ts';
import { SingleWork } from './singleWork.ts';

/** More often is not seen. */
const TELL_EVERY_MS = 100;

export function hubHandlers(
  studio: Studio,
  modelsFolder: string,
  tell: (progress: HubProgress) => void,
): GroupHandlers<'hub'> {
  const work = new SingleWork({
    code: 'hub.busy',
    title: 'a model is being downloaded',
    hint: 'Wait for it, or cancel it',
  });
  const where = async () => hubEndpoint({ setting: (await studio.settings()).hubEndpoint });
  const taskFor = async (address: string, signal: AbortSignal) => ({
    address: parseHubAddress(address),
    access: { endpoint: (await where()).url, token: process.env.HF_TOKEN },
    modelsFolder,
    signal,
  });
  return {
    'hub.where': where,
    'hub.look': ({ address }) => work.runOrNull(async (signal) => lookAtHub(await taskFor(address, signal))),
    'hub.add': ({ address, variant }) =>
      work.runOrNull(async (signal) => {
        let told = 0;
        const onProgress = (progress: HubProgress) => {
          if (Date.now() - told < TELL_EVERY_MS && progress.done < progress.total) return;
          told = Date.now();
          tell(progress);
        };
        const task = await taskFor(address, signal);
        return studio.addModel(await downloadFromHub({ ...task, variant, onProgress }));
      }),
    'hub.cancel': () => work.cancel(),
  };
}
