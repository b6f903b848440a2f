import { ConfusionMatrix, type ConfusionMatrixJson } from '#core/metrics/confusionMatrix.ts';
import { copyIds } from '../store/copyIds.ts';
import type { CountedRun, FigureInput, ImageFigures } from '../store/imageFigures.ts';
import type { FiguresRequest, FiguresResponse } from './figuresMessage.ts';

/** The part of a Worker that the client uses. */
export interface FiguresPort {
  postMessage(message: FiguresRequest, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<FiguresResponse>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

interface Waiting {
  readonly input: FigureInput;
  readonly resolve: (figures: ImageFigures) => void;
}

/** Counts what runs say of each other and of the truth, off the window's thread. Never rejects. */
export class FiguresClient {
  private port: FiguresPort | null = null;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;

  constructor(private readonly start: () => FiguresPort) {}

  compute(input: FigureInput): Promise<ImageFigures> {
    return new Promise((resolve) => {
      const id = this.nextId++;
      this.waiting.set(id, { input, resolve });
      void this.send(id, input);
    });
  }

  /** Only what is counted crosses to the other thread: logits are many times larger than class maps. */
  private async send(id: number, input: FigureInput): Promise<void> {
    const copied = {
      teacher: input.teacher && (await counted(input.teacher)),
      student: input.student && (await counted(input.student)),
      truth: input.truth && { ids: await copyIds(input.truth.ids) },
      table: input.table,
    };
    const { teacher, student, truth } = copied;
    const maps = [teacher?.classMap.ids, student?.classMap.ids, truth?.ids];
    this.port ??= this.open();
    this.port.postMessage(
      { id, input: copied },
      maps.flatMap((ids) => (ids ? [ids.buffer as ArrayBuffer] : [])),
    );
  }

  private open(): FiguresPort {
    const port = this.start();
    port.onmessage = ({ data }) => {
      const entry = this.waiting.get(data.id);
      this.waiting.delete(data.id);
      entry?.resolve(revive(entry.input, data));
    };
    port.onerror = (event) => {
      this.port = null;
      const lost = [...this.waiting.entries()];
      this.waiting.clear();
      for (const [id, entry] of lost) entry.resolve(revive(entry.input, crashed(id, event.message)));
    };
    return port;
  }
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
