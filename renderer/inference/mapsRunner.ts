import type { RanModel, RetrainOptions } from '#core/formats/retrainOptions.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { ProblemError, toProblem, type Problem } from '#core/problem.ts';
import { call } from '../store/studio.ts';
import { useJobs, type LookThrough } from '../store/useJobs.ts';
import { useModels } from '../store/useModels.ts';
import { useProject } from '../store/useProject.ts';
import { wasStopped } from '../store/useStopped.ts';
import { backendClient } from './backendClient.ts';
import { factsOf, fetchImage, segmentJob } from './modelOutput.ts';
import { sessionKey } from './protocol.ts';

const PRIORITY = 0;

/**
 * Runs teacher and student on the pictures of an export that weighs, where the project does not have what they say.
 * Always WebAssembly, as evaluations do: each finds what the other left.
 */
export class MapsRunner {
  private readonly inference = backendClient('wasm');

  constructor() {
    useJobs.setState({ lookThrough: (...about) => this.lookThrough(...about) });
  }

  private lookThrough: LookThrough = async (retrain, { signal, tell }) => {
    const { project } = useProject.getState();
    if (!project) return [];
    const sides = sidesOf(retrain);
    this.inference.keep(sides.map(({ ran }) => sessionKey(ran.sha256, ran)));
    const images = project.images.filter(({ hasMask }) => hasMask);
    const problems: Problem[] = [];
    try {
      for (const [done, { id, name }] of images.entries()) {
        signal.throwIfAborted();
        tell({ done, total: images.length, current: name });
        try {
          await this.look(project.id, id, sides, signal);
        } catch (error) {
          if (signal.aborted) throw error;
          const problem = toProblem(error, { code: 'inference.failed', subject: name });
          // A model that hangs would hang on every image.
          if (wasStopped(problem)) throw error;
          problems.push({ ...problem, subject: name });
        }
      }
      return problems;
    } finally {
      this.inference.keep([]);
    }
  };

  private async look(
    projectId: string,
    imageId: number,
    sides: readonly Side[],
    signal: AbortSignal,
  ): Promise<void> {
    const task = await call('retrain.task', { projectId, imageId, models: sides.map(({ ran }) => ran) });
    if (!task?.wanted.includes(true)) return;
    const image = await fetchImage(task);
    for (const [index, { ran, model }] of sides.entries()) {
      if (!task.wanted[index]) continue;
      const answer = await this.inference.segment(segmentJob(image, model, ran), {
        priority: PRIORITY,
        signal,
      });
      const { sha256 } = task;
      const facts = factsOf(answer, answer.timings.decode);
      await call('retrain.keep', { projectId, model: ran, sha256, ids: ownIds(answer.classMap.ids), facts });
    }
  }
}

interface Side {
  readonly ran: RanModel;
  readonly model: ModelInfo;
}

function sidesOf({ teacher, student }: RetrainOptions): Side[] {
  const { models } = useModels.getState();
  return [teacher, student].map((ran) => {
    const model = models.find(({ id }) => id === ran.id);
    if (model?.sha256 === ran.sha256) return { ran, model };
    throw new ProblemError({
      code: 'retrain.noModel',
      title: 'the studio has no such model any more',
      subject: ran.id,
      hint: 'Choose teacher and student in Compare, then export again',
    });
  });
}

type OwnIds = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;

/** Ids made by a run lie in memory of their own, never in shared memory; their type does not say so. */
const ownIds = (ids: Uint8Array | Uint16Array): OwnIds => ids as OwnIds;
