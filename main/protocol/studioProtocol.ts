import { protocol } from 'electron';
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

/** Before the app is ready: studio:// is an origin of its own, with fetch and secure features. */
export function declareStudioScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'studio', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ]);
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

/** Answers every studio:// request. */
export function serveStudio(files: StudioFiles): void {
  protocol.handle('studio', async (request) => {
    const route = parseRoute(request.url);
    if (!route) return errorResponse(403, `${request.url} is not an address of the studio`);
    try {
      const path = await locate(route, files);
      if (path === null) return errorResponse(404, `There is nothing at ${request.url}`);
      return bytesResponse(await readFile(path), path);
    } catch (error) {
      return errorResponse(500, error instanceof Error ? error.message : String(error));
    }
  });
}
