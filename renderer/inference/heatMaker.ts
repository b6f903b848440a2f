import type { HeatMap } from '#core/imaging/heatMap.ts';
import { ProblemError, toProblem } from '#core/problem.ts';
import { gateTarget } from '../store/gateTarget.ts';
import { useGateLab } from '../store/useGateLab.ts';
import { useHeat } from '../store/useHeat.ts';
import { modelIn, useModels } from '../store/useModels.ts';
import { currentImage, useProject } from '../store/useProject.ts';
import { finishedRun, useResults, type ModelRun } from '../store/useResults.ts';
import { useSettings } from '../store/useSettings.ts';
import { useView } from '../store/useView.ts';
import type { HeatInput, HeatRequest, HeatResponse } from './heatMessage.ts';
import { oncePerTurn } from './oncePerTurn.ts';
import { WorkerCalls } from './workerCalls.ts';

/** Makes the heat layer of the picture at hand while one is wanted; while none is, it follows nothing. */
export class HeatMaker {
  private readonly calls = new WorkerCalls<HeatRequest, HeatResponse>(
    () => new Worker(new URL('./worker/heatWorker.ts', import.meta.url), { type: 'module' }),
    (id, message) => ({
      id,
      heat: null,
      problem: { code: 'heat.crashed', severity: 'error', title: 'the heat layer stopped', detail: message },
    }),
  );
  private readonly schedule = oncePerTurn(() => void this.follow());
  private watching: (() => void)[] = [];
  /** What the last answer is of, or will be. */
  private parts: readonly unknown[] = [];

  constructor() {
    useHeat.subscribe(({ source }, before) => {
      if (source === before.source) return;
      this.parts = [];
      if (source === 'off') this.rest();
      else this.watch();
    });
  }

  private watch(): void {
    if (this.watching.length === 0) {
      this.watching = [useProject, useModels, useResults, useSettings, useGateLab, useView].map((store) =>
        store.subscribe(this.schedule),
      );
    }
    this.schedule();
  }

  private rest(): void {
    for (const unsubscribe of this.watching) unsubscribe();
    this.watching = [];
    this.calls.stop();
  }

  private async follow(): Promise<void> {
    const { source } = useHeat.getState();
    const image = currentImage();
    if (source === 'off' || !image || useView.getState().place !== 'compare') return;
    const teacher = finishedRun(image.id, modelIn('teacher')?.id ?? null);
    const student = finishedRun(image.id, modelIn('student')?.id ?? null);
    if (!teacher || !student) return;
    const parts = [source, image.id, teacher.logits, student.logits];
    if (parts.every((part, at) => part === this.parts[at])) return;
    this.parts = parts;
    const isWanted = (): boolean => this.parts === parts;
    useHeat.setState({ isMaking: true, problem: null });
    try {
      const input = await inputOf(source, teacher, student);
      if (!isWanted()) return;
      const { width, height } = teacher.classMap;
      const made = await this.calls.ask((id) => ({ request: { id, input, width, height }, transfer: [] }));
      if (!isWanted()) return;
      if (made.problem) throw new ProblemError(made.problem);
      this.take(image.id, made.heat);
    } catch (error) {
      if (!isWanted()) return;
      const problem = toProblem(error, { code: 'heat.failed', subject: image.name });
      useHeat.setState({ problem, heat: null, imageId: null, isMaking: false });
    }
  }

  private take(imageId: number, heat: HeatMap | null): void {
    useHeat.setState({ heat, imageId, isMaking: false, problem: null });
  }
}

async function inputOf(
  source: Exclude<ReturnType<typeof useHeat.getState>['source'], 'off'>,
  teacher: ModelRun,
  student: ModelRun,
): Promise<HeatInput> {
  if (source === 'divergence') {
    assertSameClasses(teacher, student);
    return { kind: 'divergence', teacher: teacher.logits, student: student.logits };
  }
  const key = gateTarget()?.key;
  if (useGateLab.getState().features?.key !== key) await useGateLab.getState().compareStages();
  const { features, problem } = useGateLab.getState();
  const stage = features?.key === key ? features?.stages[Number(source.split('.')[1])] : undefined;
  if (!stage) {
    throw new ProblemError(
      problem ?? { code: 'heat.stages', title: 'the stages of these models were not compared' },
    );
  }
  const { width, height, errors } = stage;
  return { kind: 'field', field: { width, height, values: errors } };
}

function assertSameClasses(teacher: ModelRun, student: ModelRun): void {
  const names = ({ table }: ModelRun): string => table.classes.map(({ name }) => name).join('\n');
  if (names(teacher) === names(student)) return;
  throw new ProblemError({
    code: 'heat.classes',
    title: 'teacher and student do not have the same classes',
    hint: 'Probabilities are compared class by class: choose models of the same classes',
  });
}
