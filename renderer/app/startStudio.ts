import { toProblem } from '#core/problem.ts';
import { findAction } from '../actions/registry.ts';
import { runAction } from '../actions/runAction.ts';
import { watchColours } from '../store/displayColours.ts';
import { takeProject } from '../store/openProject.ts';
import { call, studio } from '../store/studio.ts';
import { watchClassWork } from '../store/useClassEditor.ts';
import { watchEvaluation } from '../store/useEvaluation.ts';
import { watchImport } from '../store/useImport.ts';
import { useHub } from '../store/useHub.ts';
import { useJobs } from '../store/useJobs.ts';
import { firstFor, useModels, type ModelSlot } from '../store/useModels.ts';
import { useProject } from '../store/useProject.ts';
import { watchReviews } from '../store/useReviews.ts';
import { watchResultList } from '../store/useResultList.ts';
import { watchRunView } from '../store/useRunView.ts';
import { useSettings } from '../store/useSettings.ts';
import { watchClasses } from '../store/watchClasses.ts';
import { rememberView } from './rememberView.ts';
import { tellMenu } from './tellMenu.ts';

/** Asks the main process for everything that the first picture needs, and listens to what it says later. */
export async function startStudio(): Promise<void> {
  try {
    listen();
    const { project, models, settings, recent, ...about } = await call('app.start', {});
    useSettings.getState().load(settings);
    rememberView();
    useModels.getState().setModels(models);
    const choose = (slot: ModelSlot, wanted: string | null): void =>
      useModels.getState().choose(slot, firstFor(slot, models, wanted));
    choose('teacher', settings.teacherId);
    choose('student', settings.studentId);
    useProject.setState({ about });
    useProject.getState().setRecent(recent);
    takeProject(project);
  } catch (error) {
    useProject.setState({ problem: toProblem(error, { code: 'app.start' }) });
  }
}

function listen(): void {
  watchReviews();
  watchEvaluation();
  watchRunView();
  watchResultList();
  watchColours();
  watchClasses();
  watchClassWork();
  tellMenu();
  watchImport();
  studio().on('export.progress', (progress) => useJobs.getState().progressExport(progress));
  studio().on('hub.progress', (progress) => useHub.getState().tell(progress));
  studio().on('project.changed', ({ project }) => takeProject(project));
  studio().on('menu.command', ({ action }) => {
    const found = findAction(action);
    if (found) void runAction(found);
  });
}
