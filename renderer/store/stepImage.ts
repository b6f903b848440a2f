import { useFigures } from './useFigures.ts';
import { useProject } from './useProject.ts';
import { neighbour, visibleImages } from './visibleImages.ts';

/** Goes `step` images on in the library as it is filtered and sorted; infinite steps go to the ends. */
export function stepImage(step: number): void {
  const { project, imageId, filter, sort, selectImage } = useProject.getState();
  if (!project) return;
  const shown = visibleImages(project.images, { filter, sort, figures: useFigures.getState().figures });
  const next = neighbour(shown, imageId, step);
  if (next) selectImage(next.id);
}
