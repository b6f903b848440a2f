import { create } from 'zustand';
import type { ImportSurveyAnswer } from '#core/ipc/importCalls.ts';
import { toProblem, type Problem } from '#core/problem.ts';
import { maskQueue } from './maskQueue.ts';
import { takeProject } from './openProject.ts';
import { call, studio } from './studio.ts';
import { useMask } from './useMask.ts';
import { useProject } from './useProject.ts';

interface ImportState {
  /** The folder or file that was chosen. */
  readonly path: string | null;
  /** What an import of it would do; null until it was looked at. */
  readonly survey: ImportSurveyAnswer | null;
  /** Name of a class of the masks to that of the project's, or `ignore`. */
  readonly choices: Readonly<Record<string, string>>;
  readonly work: {
    readonly kind: 'looking' | 'importing';
    readonly done: number;
    readonly total: number;
    readonly current: string;
  } | null;
  readonly problem: Problem | null;
  /** Images that got a mask. */
  readonly imported: number | null;
  readonly choose: (kind: 'folder' | 'file') => Promise<void>;
  /** What a class of the masks is in the project. */
  readonly assign: (name: string, becomes: string) => void;
  readonly run: (as: 'truth' | 'mask') => Promise<void>;
  readonly cancel: () => Promise<void>;
  readonly forget: () => void;
}

const NOTHING = { path: null, survey: null, choices: {}, work: null, problem: null, imported: null } as const;

export const useImport = create<ImportState>()((set, get) => ({
  ...NOTHING,
  async choose(kind) {
    const { project } = useProject.getState();
    if (!project || get().work) return;
    try {
      const path = await call('import.choose', { kind });
      if (path === null) return;
      set({ ...NOTHING, path, work: { kind: 'looking', done: 0, total: 0, current: '' } });
      const survey = await call('import.survey', { projectId: project.id, path, choices: {} });
      set(survey ? { survey } : NOTHING);
    } catch (error) {
      set({ problem: toProblem(error, { code: 'import.survey' }) });
    } finally {
      set({ work: null });
    }
  },
  assign(name, becomes) {
    const { survey, choices } = get();
    if (!survey) return;
    const classes = survey.classes.map((entry) =>
      entry.name === name ? { ...entry, becomes, how: 'chosen' as const } : entry,
    );
    set({ choices: { ...choices, [name]: becomes }, survey: { ...survey, classes } });
  },
  async run(as) {
    const { project } = useProject.getState();
    const { path, choices, work, survey } = get();
    if (!project || path === null || work) return;
    set({ problem: null, work: { kind: 'importing', done: 0, total: survey?.usable ?? 0, current: '' } });
    try {
      const request = { projectId: project.id, path, choices: { ...choices }, as };
      const done = await maskQueue.run(() => call('import.run', request));
      if (!done) return;
      takeProject(done.project);
      set({ imported: done.imageIds.length });
      const { imageId } = useMask.getState();
      if (as === 'mask' && imageId !== null && done.imageIds.includes(imageId)) {
        useMask.getState().close();
        await useMask.getState().openMask(imageId);
      }
    } catch (error) {
      set({ problem: toProblem(error, { code: 'import.run', subject: path }) });
    } finally {
      set({ work: null });
    }
  },
  async cancel() {
    await call('import.cancel', {});
  },
  forget() {
    if (!get().work) set(NOTHING);
  },
}));

/** Hears how far the main process is with an import. */
export function watchImport(): void {
  studio().on('import.progress', (progress) => {
    const { work } = useImport.getState();
    if (work) useImport.setState({ work: { ...work, ...progress } });
  });
}
