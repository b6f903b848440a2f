import { imagePoint } from '#core/geometry.ts';
import { classId } from '#core/labels/classTable.ts';
import { paintStroke } from '#core/mask/brush.ts';
import { MaskRaster } from '#core/mask/maskRaster.ts';
import { encodePatch, type MaskPatch } from '#core/mask/patch.ts';
import { seededRandom } from '#core/mask/seededRandom.ts';
import type { ProjectStore } from '../projectStore.ts';

/*
 * For the tests that kill a process in the middle of an editing session: a session of which every state can be
 * told, by the process that is killed and by the one that looks at what is left.
 */

const SIZE = { width: 300, height: 200 };
const IMAGE_IDS = [1, 2, 3] as const;
const IGNORE = classId(255);

export const sessionListing = {
  images: IMAGE_IDS.map((id) => ({ name: `${id}.jpg`, bytes: 1, mtimeMs: 1, ...SIZE, problem: null })),
};

interface EditedMask {
  readonly imageId: number;
  readonly raster: MaskRaster;
  readonly steps: { readonly patch: MaskPatch; readonly ofAll: boolean }[];
  cursor: number;
}

type Action =
  | { readonly kind: 'stroke'; readonly imageId: number; readonly patch: MaskPatch }
  | { readonly kind: 'undo' | 'redo'; readonly imageId: number }
  | { readonly kind: 'all'; readonly patches: readonly { imageId: number; patch: MaskPatch }[] };

/** Strokes, undo, redo and steps over all masks, on three images in turn; the same for the same seed. */
export class EditingSession {
  private readonly random: () => number;
  private readonly masks: readonly EditedMask[] = IMAGE_IDS.map((imageId) => ({
    imageId,
    raster: new MaskRaster({ ...SIZE, ignoreId: IGNORE }),
    steps: [],
    cursor: 0,
  }));
  private current = 0;
  /** Actions so far. */
  done = 0;

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  /** The next action, done in this session's own memory. */
  next(): Action {
    this.done++;
    if (this.random() < 0.1) this.current = Math.floor(this.random() * this.masks.length);
    const mask = this.masks[this.current]!;
    const choice = this.random();
    if (choice < 0.04) {
      const patches = this.masks.map((one) => ({ imageId: one.imageId, patch: this.stroke(one, true) }));
      return { kind: 'all', patches };
    }
    const { imageId, raster, steps, cursor } = mask;
    const last = steps[cursor - 1];
    if (choice < 0.2 && last && !last.ofAll) {
      raster.apply(last.patch, 'undo');
      mask.cursor--;
      return { kind: 'undo', imageId };
    }
    const undone = steps[cursor];
    if (choice < 0.28 && undone) {
      raster.apply(undone.patch, 'redo');
      mask.cursor++;
      return { kind: 'redo', imageId };
    }
    return { kind: 'stroke', imageId, patch: this.stroke(mask, false) };
  }

  /** Whether a store holds exactly what this session holds: nothing less, nothing more. */
  isIn(store: ProjectStore): boolean {
    return this.masks.every(({ imageId, raster, steps, cursor }) => {
      const mask = store.openMask(imageId);
      if (!mask) return steps.length === 0;
      const { history } = mask;
      if (history.cursor !== cursor || history.length !== steps.length) return false;
      return mask.ids.every((id, index) => id === raster.ids[index]);
    });
  }

  private stroke(mask: EditedMask, ofAll: boolean): MaskPatch {
    const { raster, steps, cursor } = mask;
    let patch = this.paint(raster);
    while (!patch) patch = this.paint(raster);
    steps.length = cursor;
    steps.push({ patch, ofAll });
    mask.cursor++;
    return patch;
  }

  private paint(raster: MaskRaster): MaskPatch | null {
    const point = () => imagePoint(this.random() * SIZE.width, this.random() * SIZE.height);
    const id = classId(Math.floor(this.random() * 11));
    raster.beginStep();
    paintStroke(raster, point(), point(), { radius: 1 + this.random() * 20, shape: 'round', id });
    return raster.endStep();
  }
}

/** Does an action in the project file, as the window's calls do it. */
export async function perform(store: ProjectStore, action: Action): Promise<void> {
  switch (action.kind) {
    case 'stroke': {
      const { imageId, patch } = action;
      const bytes = encodePatch(patch).slice();
      store.commitStep({ imageId, ...SIZE, label: 'Brush', patch: bytes, origin: null }, { sync: false });
      return;
    }
    case 'undo':
      store.undo(action.imageId);
      return;
    case 'redo':
      store.redo(action.imageId);
      return;
    case 'all':
      await store.applyPatches({ label: 'All', patches: action.patches });
  }
}
