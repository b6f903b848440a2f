import { create } from 'zustand';
import type { CutReport, CutStudent } from '#core/gates/cutReport.ts';
import { spreadImages } from '#core/prune/spreadImages.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { toProblem, type Problem } from '#core/problem.ts';
import { cancelLab, LabCancelled, runLab } from '../../inference/gatesClient.ts';
import { gateTarget, labImage, labModel } from '../../store/gateTarget.ts';
import { call } from '../../store/studio.ts';
import { useGates } from '../../store/useGates.ts';
import { useModels } from '../../store/useModels.ts';
import { useProject } from '../../store/useProject.ts';

export type CutState =
  | { readonly status: 'idle' }
  | { readonly status: 'running'; readonly done: number; readonly total: number }
  /** Made and compared, not written yet. */
  | { readonly status: 'made'; readonly student: CutStudent; readonly source: ModelInfo }
  | { readonly status: 'writing' }
  | { readonly status: 'finished'; readonly model: ModelInfo; readonly report: CutReport }
  | { readonly status: 'failed'; readonly problem: Problem };

interface CutJobState {
  readonly job: CutState;
  /** Cuts the student at hand and compares both on the folder's images. */
  readonly start: () => Promise<void>;
  readonly cancel: () => void;
  /** Asks for a folder and writes the student into it. */
  readonly write: () => Promise<void>;
  readonly forget: () => void;
}

export const useCutJob = create<CutJobState>()((set, get) => ({
  job: { status: 'idle' },
  async start() {
    const target = gateTarget();
    const { folder } = useGates.getState();
    const images = useProject.getState().project?.images ?? [];
    if (!target || !folder) return;
    const { student } = target;
    const known = images.filter(({ id }) => folder.images.has(id));
    set({ job: { status: 'running', done: 0, total: 0 } });
    try {
      const made = await runLab(
        {
          kind: 'cut',
          model: labModel(student),
          bytes: student.bytes,
          layers: folder.layout.layers,
          bits: known.map(({ id }) => folder.images.get(id)!.bits),
          images: spreadImages(known.length).map((at) => labImage(known[at]!)),
        },
        (done, total) => set({ job: { status: 'running', done, total } }),
      );
      set({ job: { status: 'made', student: made, source: student } });
    } catch (error) {
      if (error instanceof LabCancelled) set({ job: { status: 'idle' } });
      else set({ job: { status: 'failed', problem: toProblem(error, { code: 'cut.failed' }) } });
    }
  },
  cancel() {
    if (get().job.status === 'running') cancelLab();
  },
  async write() {
    const { job } = get();
    if (job.status !== 'made') return;
    try {
      const folder = await call('gates.chooseFolder', {});
      if (folder === null) return;
      set({ job: { status: 'writing' } });
      const { onnx, ...student } = job.student;
      const copy = { ...student, onnx: new Uint8Array(onnx), gates: [...student.gates] };
      const model = await call('gates.writeCut', { modelId: job.source.id, folder, student: copy });
      useModels.getState().addModel(model);
      set({ job: { status: 'finished', model, report: job.student.report } });
    } catch (error) {
      set({ job: { status: 'failed', problem: toProblem(error, { code: 'cut.write' }) } });
    }
  },
  forget() {
    if (get().job.status !== 'running') set({ job: { status: 'idle' } });
  },
}));
