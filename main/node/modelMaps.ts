import { join } from 'node:path';
import type { RanModel } from '#core/formats/retrainOptions.ts';
import { hashFile } from './fileHasher.ts';
import type { Project } from './project.ts';
import { imageUrlBase } from './studioUrl.ts';

/** A picture, and the models that have not been run on it as it is now. */
export interface MapsTask {
  readonly name: string;
  readonly url: string;
  readonly sha256: string;
  /** In the order of the models that were asked for. */
  readonly wanted: boolean[];
}

/** Which of these models are to be run on a picture; null for one that is not in the folder or cannot be read. */
export async function mapsTask(
  project: Project,
  imageId: number,
  models: readonly RanModel[],
): Promise<MapsTask | null> {
  const image = project.store.image(imageId);
  if (!image) return null;
  const sha256 = await hashFile(join(project.listing.folder, image.name)).catch(() => null);
  if (sha256 === null) return null;
  return {
    name: image.name,
    url: `${imageUrlBase(project.place.id)}${imageId}`,
    sha256,
    wanted: models.map((model) => project.store.modelMaps.find(model, sha256) === null),
  };
}
