import { describe, expect, it } from 'vitest';
import { createClassTable } from '#core/labels/classTable.ts';
import { agreementOf, computeFigures, type CountedRun } from '../store/imageFigures.ts';
import { FiguresClient, type FiguresPort } from './figuresClient.ts';
import type { FiguresRequest, FiguresResponse } from './figuresMessage.ts';

const table = createClassTable(['Sky', 'Road']);
const run = (modelId: string, ids: number[], own = table): CountedRun => ({
  modelId,
  classMap: { width: 2, height: 2, ids: Uint8Array.from(ids) },
  table: own,
});

/** The other thread: what crosses is cloned as the browser clones it. */
class Thread implements FiguresPort {
  onmessage: FiguresPort['onmessage'] = null;
  onerror: FiguresPort['onerror'] = null;
  constructor(private readonly dies = false) {}

  terminate(): void {
    this.onmessage = null;
  }

  postMessage(message: FiguresRequest): void {
    const { id, input } = structuredClone(message);
    if (this.dies) {
      this.onerror?.({ message: 'out of memory' } as ErrorEvent);
      return;
    }
    const figures = computeFigures(input);
    const response: FiguresResponse = {
      id,
      teacherStudent: figures.teacherStudent?.toJSON() ?? null,
      truthTeacher: figures.truthTeacher?.toJSON() ?? null,
      truthStudent: figures.truthStudent?.toJSON() ?? null,
      translated: figures.studentMap === input.student?.classMap ? null : (figures.studentMap?.ids ?? null),
      problem: figures.problem,
    };
    this.onmessage?.({ data: structuredClone(response) } as MessageEvent<FiguresResponse>);
  }
}

describe('FiguresClient', () => {
  it('gives the figures that were counted on the other thread, and the class map that it has already', async () => {
    const student = run('s', [0, 1, 1, 1]);
    const figures = await new FiguresClient(() => new Thread()).compute({
      teacher: run('t', [0, 0, 1, 1]),
      student,
      truth: { ids: Uint8Array.of(0, 0, 1, 255) },
      table,
    });
    expect(agreementOf(figures)).toBe(0.75);
    expect(figures.truthTeacher?.counts).toEqual(Float64Array.of(2, 0, 0, 0, 1, 0));
    expect(figures.studentMap).toBe(student.classMap);
  });

  it('brings back the ids of a student with another table', async () => {
    const figures = await new FiguresClient(() => new Thread()).compute({
      teacher: run('t', [0, 0, 1, 1]),
      student: run('s', [1, 1, 0, 0], createClassTable(['road', 'sky'])),
      truth: null,
      table,
    });
    expect([...(figures.studentMap?.ids ?? [])]).toEqual([0, 0, 1, 1]);
  });

  it('says that it stopped, and starts again for the next image', async () => {
    let dies = true;
    const client = new FiguresClient(() => new Thread(dies));
    const input = { teacher: run('t', [0, 0, 1, 1]), student: run('s', [0, 0, 1, 1]), truth: null, table };
    expect((await client.compute(input)).problem?.title).toBe('the comparison stopped');
    dies = false;
    expect(agreementOf(await client.compute(input))).toBe(1);
  });
});
