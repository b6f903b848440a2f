import type { EventOf } from '#core/ipc/contract.ts';
import { ProblemError } from '#core/problem.ts';
import { compareReports } from '#core/report/compareReports.ts';
import { Evaluations } from '../node/evaluations.ts';
import type { Project } from '../node/project.ts';
import { readReport } from '../node/readReport.ts';
import { writeComparison } from '../node/writeReport.ts';
import type { Studio } from '../studio.ts';
import type { GroupHandlers } from './calls.ts';
import { chooseOutput, type Choose } from './chooseFolder.ts';
import { evaluationReport, writeEvaluationReport } from './writeEvaluationReport.ts';

interface EvaluationTells {
  readonly progress: (progress: EventOf<'evaluation.progress'>) => void;
  /** The folder has other images than when it was opened, and was opened again. */
  readonly reopened: (change: EventOf<'project.changed'>) => void;
}

export function evaluationHandlers(
  studio: Studio,
  choose: Choose,
  tell: EvaluationTells,
): GroupHandlers<'evaluation'> {
  const { queue } = studio;
  const known = new WeakMap<Project, Evaluations>();
  const of = (projectId: string): Evaluations => {
    const project = studio.projectOf(projectId);
    let evaluations = known.get(project);
    evaluations ??= new Evaluations(project, (run) => tell.progress({ projectId, run }));
    known.set(project, evaluations);
    return evaluations;
  };
  /** Changes of the project file wait for each other; what only reads it does not wait. */
  const inTurn = <T>(projectId: string, work: (evaluations: Evaluations) => Promise<T> | T): Promise<T> =>
    queue.run(() => work(of(projectId)));

  return {
    // Looking through 100,000 results or files takes seconds, for which no stroke may wait.
    'evaluation.list': ({ projectId }) => of(projectId).list(),
    'evaluation.create': ({ projectId, name, plan }) => {
      const unknown = plan.contestants.find(({ modelId }) => !studio.findModel(modelId));
      if (unknown) throw noModel(unknown.modelId);
      return inTurn(projectId, (evaluations) => evaluations.create(name, plan));
    },
    'evaluation.remove': ({ projectId, runId }) =>
      inTurn(projectId, (evaluations) => {
        evaluations.remove(runId);
        return null;
      }),
    'evaluation.start': async ({ projectId, runId }) => {
      of(projectId).runOf(runId);
      const reopened = await studio.openAgainIfChanged();
      if (reopened) tell.reopened({ project: reopened });
      return of(projectId).start(runId);
    },
    'evaluation.pause': ({ projectId, runId }) =>
      inTurn(projectId, (evaluations) => evaluations.pause(runId)),
    'evaluation.cancel': ({ projectId, runId }) =>
      inTurn(projectId, (evaluations) => evaluations.cancel(runId)),
    'evaluation.next': ({ projectId, runId, count }) =>
      inTurn(projectId, (evaluations) => evaluations.next(runId, count)),
    'evaluation.store': ({ projectId, runId, measured, failed }) =>
      inTurn(projectId, (evaluations) => evaluations.store(runId, measured, failed)),
    'evaluation.results': ({ projectId, runId, filter, sort, offset, limit }) =>
      of(projectId).results(runId, { filter, sort }, { offset, limit }),
    'evaluation.order': async ({ projectId, runId, filter, sort }) => ({
      imageIds: await of(projectId).order(runId, { filter, sort }),
    }),
    'evaluation.figures': ({ projectId, runId, filter }) => of(projectId).figures(runId, filter),
    'evaluation.histogram': ({ projectId, runId, filter, ...about }) =>
      of(projectId).histogram(runId, filter, about),
    'evaluation.classMap': ({ projectId, runId, imageId, contestant }) => {
      const evaluations = of(projectId);
      const modelId = evaluations.runOf(runId).plan.contestants[contestant]?.modelId ?? '';
      const model = studio.findModel(modelId);
      if (!model) throw noModel(modelId);
      return evaluations.classMap(runId, { imageId, contestant, modelTable: model.classTable });
    },
    'evaluation.report': async ({ projectId, runId, filter }) => {
      const evaluations = of(projectId);
      const { project } = studio;
      evaluations.runOf(runId);
      const folder = await chooseOutput(choose, 'Write the report into a folder');
      return folder === null ? null : writeEvaluationReport({ evaluations, project, runId, filter, folder });
    },
    'evaluation.compareReport': async ({ projectId, runId, filter }) => {
      const evaluations = of(projectId);
      const { project } = studio;
      evaluations.runOf(runId);
      const path = await choose({ title: 'The report.json to compare with', button: 'Compare', file: true });
      if (path === null) return null;
      const before = await readReport(path);
      return compareReports(before, await evaluationReport({ evaluations, project, runId, filter }));
    },
    'evaluation.saveComparison': async ({ comparison }) => {
      const folder = await chooseOutput(choose, 'Write the comparison into a folder');
      return folder === null ? null : writeComparison(comparison, folder);
    },
  };
}

function noModel(modelId: string): ProblemError {
  return new ProblemError({
    code: 'evaluation.noModel',
    title: 'the studio has no such model',
    subject: modelId,
    hint: 'Add its folder again, then try again',
  });
}
