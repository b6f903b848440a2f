import { create } from 'zustand';
import type { GateBits } from '#core/gates/gateBits.ts';
import { gateLayout, type GatedLayer, type GateLayout } from '#core/gates/gateLayout.ts';
import { statisticsOf, type GateStatistics } from '#core/gates/gateStatistics.ts';
import { runSettingsKey } from '#core/inference/runSettings.ts';
import type { ImageGates } from '#core/ipc/gateCalls.ts';
import { toProblem } from '#core/problem.ts';
import { call } from './studio.ts';
import { useProject } from './useProject.ts';
import type { ModelRun } from './useResults.ts';
import { useToasts } from './useToasts.ts';

/** What is known of one image. */
export interface ImageGateRecord {
  readonly bits: GateBits;
  /** Pixels of each class in the student's class map, in the order of its table. */
  readonly classPixels: Uint32Array;
}

/** A student at one keep ratio over the open folder. */
export interface FolderGateRecords {
  readonly key: string;
  readonly layout: GateLayout;
  readonly images: ReadonlyMap<number, ImageGateRecord>;
  readonly statistics: GateStatistics;
}

interface GatesState {
  /** null: nothing of this student is known yet. */
  readonly folder: FolderGateRecords | null;
  /** Of which project, student and settings `folder` is, or will be. */
  readonly key: string;
  /** Takes what was recorded of a student over the folder before. */
  readonly open: (wanted: GateWish) => void;
  /** A run ended: its gates count at once, and are kept in the project file. */
  readonly record: (run: ModelRun, imageSha256: string) => void;
}

export interface GateWish {
  readonly projectId: string;
  readonly modelSha256: string;
  /** runSettingsKey */
  readonly settings: string;
}

/** Runs of a folder are stored together. */
const STORE_AFTER_MS = 500;

const keyOf = ({ projectId, modelSha256, settings }: GateWish): string =>
  `${projectId} ${modelSha256} ${settings}`;

interface Pending extends GateWish {
  readonly layers: readonly GatedLayer[];
  readonly images: ImageGates[];
}

export const useGates = create<GatesState>()((set, get) => {
  const pending = new Map<string, Pending>();
  let timer: ReturnType<typeof setTimeout> | null = null;

  const store = (): void => {
    timer = null;
    const batches = [...pending.values()];
    pending.clear();
    for (const { layers, images, ...wish } of batches) {
      call('gates.record', { ...wish, layers: [...layers], images }).catch((error: unknown) => {
        const problem = toProblem(error, { code: 'gates.record', subject: 'gates of the folder' });
        // They are computed again when they are wanted in that folder.
        if (problem.code !== 'project.changed') useToasts.getState().showProblem(problem);
      });
    }
  };

  return {
    folder: null,
    key: '',
    open(wanted) {
      const key = keyOf(wanted);
      if (key === get().key) return;
      set({ key, folder: null });
      // Before it is asked what is known.
      if (timer !== null) {
        clearTimeout(timer);
        store();
      }
      call('gates.list', wanted).then(
        ({ layers, images }) => {
          if (get().key !== key || !layers) return;
          const layout = gateLayout(layers);
          // What was recorded while the answer was on its way is newer.
          const all = new Map<number, ImageGateRecord>(images.map((image) => [image.imageId, image]));
          for (const [id, image] of get().folder?.images ?? []) all.set(id, image);
          const statistics = statisticsOf(layout, bitsOf(all));
          set({ folder: { key, layout, images: all, statistics } });
        },
        (error: unknown) => useToasts.getState().showProblem(toProblem(error, { code: 'gates.list' })),
      );
    },
    record(run, sha256) {
      const projectId = useProject.getState().project?.id;
      if (!run.gates || projectId === undefined) return;
      const { layers, bits } = run.gates;
      const wish = { projectId, modelSha256: run.modelSha256, settings: runSettingsKey(run.settings) };
      const key = keyOf(wish);
      const before = key === get().key ? get().folder?.images.get(run.imageId) : undefined;
      if (before && isSame(before.bits, bits)) return;
      const classPixels = countClasses(run);
      const batch = pending.get(key) ?? { ...wish, layers, images: [] };
      pending.set(key, batch);
      batch.images.push({ imageId: run.imageId, sha256, bits: new Uint8Array(bits), classPixels });
      timer ??= setTimeout(store, STORE_AFTER_MS);
      if (key !== get().key) return;
      const known = get().folder;
      const layout = known?.layout ?? gateLayout(layers);
      const images = new Map(known?.images);
      images.set(run.imageId, { bits, classPixels });
      const statistics =
        known && !before ? withImage(known.statistics, bits) : statisticsOf(layout, bitsOf(images));
      set({ folder: { key, layout, images, statistics } });
    },
  };
});

const isSame = (a: GateBits, b: GateBits): boolean => a.every((byte, at) => byte === b[at]);

function* bitsOf(images: ReadonlyMap<number, ImageGateRecord>): Iterable<GateBits> {
  for (const { bits } of images.values()) yield bits;
}

/** Another object, so that what shows it is drawn again; the counts go over to it. */
function withImage(before: GateStatistics, bits: GateBits): GateStatistics {
  const statistics = before.copy();
  statistics.add(bits);
  return statistics;
}

function countClasses({ classMap, table }: ModelRun): Uint32Array<ArrayBuffer> {
  const counts = new Uint32Array(65536);
  for (const id of classMap.ids) counts[id]! += 1;
  return Uint32Array.from(table.classes, ({ id }) => counts[id]!);
}
