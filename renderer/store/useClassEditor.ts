import { create } from 'zustand';
import type { ClassEdit } from '#core/labels/classEdit.ts';
import type { ClassUsage } from '#core/labels/classUsage.ts';
import { ProblemError, toProblem, type Problem } from '#core/problem.ts';
import { maskQueue } from './maskQueue.ts';
import { call, studio } from './studio.ts';
import { useMask } from './useMask.ts';
import { useProject } from './useProject.ts';

interface ClassEditorState {
  /** What the masks hold; null until they are counted. */
  readonly usage: ClassUsage | null;
  /** Counting, or changing masks; null: nothing is under way. */
  readonly work: {
    readonly kind: 'counting' | 'changing';
    readonly done: number;
    readonly total: number;
  } | null;
  /** Why the last edit was refused. */
  readonly problem: Problem | null;
  /** The last change of the masks, which `undo` takes back. */
  readonly last: {
    readonly projectId: string;
    readonly label: string;
    readonly imageIds: readonly number[];
  } | null;
  readonly count: () => Promise<void>;
  /** false where it was refused or cancelled; then nothing has changed. */
  readonly edit: (edit: ClassEdit) => Promise<boolean>;
  /** Stops what is under way; nothing is changed. */
  readonly cancel: () => Promise<void>;
  /** Takes the last change of the masks back, in all of them, where nothing was painted since. */
  readonly undo: () => Promise<void>;
}

export const useClassEditor = create<ClassEditorState>()((set, get) => ({
  usage: null,
  work: null,
  problem: null,
  last: null,
  async count() {
    const { project } = useProject.getState();
    if (!project || get().work) return;
    const total = project.images.filter(({ hasMask }) => hasMask).length;
    set({ usage: null, work: { kind: 'counting', done: 0, total } });
    try {
      const usage = await maskQueue.run(() => call('classes.usage', { projectId: project.id }));
      set({ usage });
    } catch (error) {
      set({ problem: toProblem(error, { code: 'classes.usage', subject: project.name }) });
    } finally {
      set({ work: null });
    }
  },
  async edit(edit) {
    const { project } = useProject.getState();
    if (!project || get().work) return false;
    const total = project.images.filter(({ hasMask }) => hasMask).length;
    set({ problem: null, work: { kind: 'changing', done: 0, total } });
    try {
      assertStored();
      const changed = await maskQueue.run(() => call('classes.edit', { projectId: project.id, edit }));
      if (!changed) return false;
      await takeClasses(project.id, changed.imageIds, changed.classTable);
      const { imageIds, label } = changed;
      set({ last: imageIds.length > 0 ? { projectId: project.id, label, imageIds } : get().last });
      return true;
    } catch (error) {
      set({ problem: toProblem(error, { code: 'classes.edit', subject: project.name }) });
      return false;
    } finally {
      set({ work: null });
    }
  },
  async cancel() {
    await call('classes.cancel', {});
  },
  async undo() {
    const { last, work } = get();
    if (!last || work) return;
    set({ problem: null, work: { kind: 'changing', done: 0, total: last.imageIds.length } });
    try {
      const { projectId } = last;
      const imageId = last.imageIds[0]!;
      const moved = await maskQueue.run(async () => {
        const open = await call('mask.open', { projectId, imageId });
        return open?.history.undoLabel === last.label ? call('mask.undo', { projectId, imageId }) : null;
      });
      const { project } = useProject.getState();
      if (!moved?.group || !project) throw paintedSince(last.label);
      const changed = moved.group.masks.map((mask) => mask.imageId);
      await takeClasses(projectId, changed, moved.group.classTable ?? project.classTable);
      set({ last: null });
    } catch (error) {
      set({ problem: toProblem(error, { code: 'classes.undo', subject: last.label }) });
    } finally {
      set({ work: null });
    }
  },
}));

function paintedSince(label: string): ProblemError {
  return new ProblemError({
    code: 'classes.painted',
    title: 'an image was edited since, or it is undone already',
    subject: label,
    hint: 'Undo the edits there first',
  });
}

/** Steps that are not in the project file would no longer fit the masks there. */
function assertStored(): void {
  if (useMask.getState().saving !== 'unsaved') return;
  throw new ProblemError({
    code: 'classes.unsaved',
    title: 'some steps are not in the project file yet',
    hint: 'Store or undo them in Annotate first',
  });
}

/** Shows the classes from now on, and reads the open mask again where it has changed. */
async function takeClasses(
  projectId: string,
  imageIds: readonly number[],
  classTable: Parameters<typeof withClasses>[1],
): Promise<void> {
  const { project } = useProject.getState();
  if (project?.id !== projectId) return;
  useProject.setState({ project: withClasses(project, classTable) });
  const { imageId } = useMask.getState();
  if (imageId === null || !imageIds.includes(imageId)) return;
  useMask.getState().close();
  await useMask.getState().openMask(imageId);
}

type Project = NonNullable<ReturnType<typeof useProject.getState>['project']>;
const withClasses = (project: Project, classTable: Project['classTable']): Project => ({
  ...project,
  classTable,
});

/** Hears how far the main process is with the masks. */
export function watchClassWork(): void {
  studio().on('classes.progress', (progress) => {
    const { work } = useClassEditor.getState();
    if (work) useClassEditor.setState({ work: { ...work, ...progress } });
  });
}
