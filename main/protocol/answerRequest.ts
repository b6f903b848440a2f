import { readFile } from 'node:fs/promises';
import { resolveInside } from '../node/resolveInside.ts';
import { parseRoute, type ModelForm, type Route } from './route.ts';
import { bytesResponse, errorResponse } from './studioResponse.ts';

/** Where the files behind an address are. null: nothing of that name is open. */
export interface StudioFiles {
  /** Absolute path of the folder of the built page. */
  readonly page: string;
  /** The project's folder and the image's path in it. */
  image(projectId: string, imageId: number): { folder: string; name: string } | null;
  /** Absolute path of the model's ONNX file in a form. */
  model(modelId: string, form: ModelForm): Promise<string | null>;
}

async function locate(route: Route, files: StudioFiles): Promise<string | null> {
  switch (route.kind) {
    case 'page':
      return resolveInside(files.page, route.segments.join('/'));
    case 'image': {
      const image = files.image(route.projectId, route.imageId);
      return image && resolveInside(image.folder, image.name);
    }
    case 'model':
      return files.model(route.modelId, route.form);
  }
}

/**
 * The answer to a studio:// address: 200 with the file; 403 for what is no address of the studio; 404 where nothing
 * is there, or where a `..` or a symbolic link leads out of its folder; 500 for a file that cannot be read.
 */
export async function answerRequest(address: string, files: StudioFiles): Promise<Response> {
  const route = parseRoute(address);
  if (!route) return errorResponse(403, `${address} is not an address of the studio`);
  try {
    const path = await locate(route, files);
    if (path === null) return errorResponse(404, `There is nothing at ${address}`);
    return bytesResponse(await readFile(path), path);
  } catch (error) {
    return errorResponse(500, error instanceof Error ? error.message : String(error));
  }
}
