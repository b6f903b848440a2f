/** The origin of the window's page, and the only one that may call the main process. */
export const STUDIO_ORIGIN = 'studio://app';

/** `studio://app/image/<project>/` */
export function imageUrlBase(projectId: string): string {
  return `${STUDIO_ORIGIN}/image/${encodeURIComponent(projectId)}/`;
}

/** `studio://app/image/<project>/<image>` */
export function imageUrl(projectId: string, imageId: number): string {
  return `${imageUrlBase(projectId)}${imageId}`;
}

/** `studio://app/model/<model>/model.onnx` */
export function modelUrl(modelId: string): string {
  return `${STUDIO_ORIGIN}/model/${encodeURIComponent(modelId)}/model.onnx`;
}
