import { ConfusionMatrix, type ConfusionMatrixJson } from '#core/metrics/confusionMatrix.ts';
import { copyIds } from '../store/copyIds.ts';
import type { CountedRun, FigureInput, ImageFigures } from '../store/imageFigures.ts';
import type { FiguresRequest, FiguresResponse } from './figuresMessage.ts';
import { WorkerCalls, type CallPort, type Sent } from './workerCalls.ts';

export type FiguresPort = CallPort<FiguresRequest, FiguresResponse>;

/** Counts what runs say of each other and of the truth, off the window's thread. Never rejects. */
export class FiguresClient {
  private readonly calls: WorkerCalls<FiguresRequest, FiguresResponse>;

  constructor(start: () => FiguresPort) {
    this.calls = new WorkerCalls(start, crashed);
  }

  async compute(input: FigureInput): Promise<ImageFigures> {
    return revive(input, await this.calls.ask((id) => sent(id, input)));
  }
}

/** Only what is counted crosses to the other thread: logits are many times larger than class maps. */
async function sent(id: number, input: FigureInput): Promise<Sent<FiguresRequest>> {
  const copied = {
    teacher: input.teacher && (await counted(input.teacher)),
    student: input.student && (await counted(input.student)),
    truth: input.truth && { ids: await copyIds(input.truth.ids) },
    table: input.table,
  };
  const { teacher, student, truth } = copied;
  const maps = [teacher?.classMap.ids, student?.classMap.ids, truth?.ids];
  const transfer = maps.flatMap((ids) => (ids ? [ids.buffer as ArrayBuffer] : []));
  return { request: { id, input: copied }, transfer };
}

const counted = async ({ modelId, classMap, table }: CountedRun): Promise<CountedRun> => ({
  modelId,
  classMap: { ...classMap, ids: await copyIds(classMap.ids) },
  table,
});

function revive({ teacher, student }: FigureInput, data: FiguresResponse): ImageFigures {
  const matrix = (json: ConfusionMatrixJson | null): ConfusionMatrix | null =>
    json && ConfusionMatrix.fromJSON(json);
  const map = student && data.teacherStudent ? student.classMap : null;
  return {
    teacherId: teacher?.modelId ?? null,
    studentId: student?.modelId ?? null,
    teacherStudent: matrix(data.teacherStudent),
    truthTeacher: matrix(data.truthTeacher),
    truthStudent: matrix(data.truthStudent),
    studentMap: map && data.translated ? { ...map, ids: data.translated } : map,
    problem: data.problem,
  };
}

const crashed = (id: number, message: string): FiguresResponse => ({
  id,
  teacherStudent: null,
  truthTeacher: null,
  truthStudent: null,
  translated: null,
  problem: { code: 'figures.crashed', severity: 'error', title: 'the comparison stopped', detail: message },
});
