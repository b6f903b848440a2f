import { unpackProject, type PackedProject } from '#core/ipc/packedProject.ts';
import { toProblem, type Problem } from '#core/problem.ts';
import { call } from './studio.ts';
import { useMask } from './useMask.ts';
import { useProject } from './useProject.ts';
import { useToasts } from './useToasts.ts';
import { useView } from './useView.ts';

/** Takes a project that the main process opened. The picture starts fitted, with all classes shown. */
export function takeProject(packed: PackedProject): void {
  const project = unpackProject(packed);
  const before = useProject.getState().project;
  if (before?.id !== project.id) {
    useMask.getState().close();
    useView.setState({ zoom: { mode: 'fit' }, hidden: new Set(), solo: null, cursor: null });
  }
  useProject.getState().setProject(project);
  // Without images the place itself says what is wrong with the folder.
  if (project.images.length === 0) return;
  for (const problem of project.problems) {
    if (!isStated(problem)) useToasts.getState().showProblem(problem);
  }
}

/** What is said above the place as long as the project is open: a toast would be gone before it is read. */
export function isStated({ code }: Problem): boolean {
  return code === 'project.held' || code === 'project.readOnly' || code === 'project.recovered';
}

async function open(ask: () => Promise<PackedProject | null>, subject?: string): Promise<void> {
  if (useProject.getState().opening) return;
  useProject.setState({ opening: true });
  try {
    const project = await ask();
    if (!project) return;
    takeProject(project);
    useProject.getState().setRecent(await call('project.recent', {}));
  } catch (error) {
    const problem = toProblem(error, { code: 'project.open', subject });
    useToasts.getState().showProblem(problem);
    if (!useProject.getState().project) useProject.setState({ problem });
  } finally {
    useProject.setState({ opening: false });
  }
}

export const openFolder = (folder: string): Promise<void> =>
  open(() => call('project.open', { folder }), folder);

export const chooseFolder = (): Promise<void> => open(() => call('project.choose', {}));

export const chooseTruth = (): Promise<void> => open(() => call('truth.choose', {}));
