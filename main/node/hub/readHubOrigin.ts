import { basename, dirname, join } from 'node:path';
import { hubOriginSchema, type HubOrigin } from '#core/models/hubRepository.ts';
import { readJson } from '../readJson.ts';

/** The file in a downloaded model folder that says where it comes from. */
export const HUB_FILE = 'hub.json';

/**
 * Where a model folder was downloaded from, or null; of a lone ONNX file in onnx/ it is said above.
 *
 * @throws ProblemError `model.hub.notJson`, `model.hub.invalid`
 */
export async function readHubOrigin(folder: string, name: string): Promise<HubOrigin | null> {
  const names = { code: 'model.hub', subject: `${name}/${HUB_FILE}` };
  const places = basename(folder) === 'onnx' ? [folder, dirname(folder)] : [folder];
  for (const place of places) {
    const origin = await readJson(join(place, HUB_FILE), hubOriginSchema, names);
    if (origin) return origin;
  }
  return null;
}
