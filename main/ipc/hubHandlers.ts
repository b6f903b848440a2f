import { parseHubAddress } from '#core/models/hubRepository.ts';
import { hubEndpoint } from '../node/hub/hubEndpoint.ts';
import { downloadFromHub, lookAtHub, type HubProgress } from '../node/hub/hubModels.ts';
import type { Studio } from '../studio.ts';
import type { GroupHandlers } from './calls.ts';
import { SingleWork } from './singleWork.ts';

/** More often is not seen. */
const TELL_EVERY_MS = 100;

/** Tells the latest, at most a few times a second; the last of a burst too, after which nothing may come for long. */
function sometimes(tell: (progress: HubProgress) => void): (progress: HubProgress) => void {
  let latest: HubProgress | null = null;
  return (progress) => {
    if (latest === null) {
      setTimeout(() => {
        if (latest) tell(latest);
        latest = null;
      }, TELL_EVERY_MS);
    }
    latest = progress;
  };
}

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
        const task = await taskFor(address, signal);
        return studio.addModel(await downloadFromHub({ ...task, variant, onProgress: sometimes(tell) }));
      }),
    'hub.cancel': () => work.cancel(),
  };
}
