import { addModelPath } from '../store/chooseModel.ts';
import { openFolder } from '../store/openProject.ts';
import { studio } from '../store/studio.ts';
import { useView } from '../store/useView.ts';

/**
 * A folder dropped on the window is opened, as a model where the models are shown; an ONNX file is a model, and so
 * is a checkpoint, of which it is said how it becomes one. Returns the
 * function that stops it.
 */
export function acceptFolders(window: Window): () => void {
  const abort = new AbortController();
  const { signal } = abort;
  const page = window.document.documentElement;
  const mark = (on: boolean): void => {
    page.toggleAttribute('data-dropping', on);
  };
  window.addEventListener(
    'dragover',
    (event) => {
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
      mark(true);
    },
    { signal },
  );
  window.addEventListener('dragleave', (event) => event.relatedTarget === null && mark(false), { signal });
  window.addEventListener(
    'drop',
    (event) => {
      event.preventDefault();
      mark(false);
      const dropped = event.dataTransfer?.files[0];
      const path = dropped ? studio().pathForFile(dropped) : '';
      // The main process says what a path that is no folder of images is.
      if (path === '') return;
      const isModel =
        /\.(onnx|pt|pth|ckpt|safetensors)$/i.test(path) || useView.getState().place === 'models';
      void (isModel ? addModelPath(path) : openFolder(path));
    },
    { signal },
  );
  return () => abort.abort();
}
