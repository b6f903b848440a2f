import { copyIds } from '../store/copyIds.ts';
import type { ImageDisputes } from '../store/useDisputes.ts';
import type { DisputesInput, DisputesRequest, DisputesResponse } from './disputesMessage.ts';
import { WorkerCalls, type CallPort } from './workerCalls.ts';

/** Finds disputes off the window's thread. Never rejects. */
export class DisputesClient {
  private readonly calls: WorkerCalls<DisputesRequest, DisputesResponse>;

  constructor(start: () => CallPort<DisputesRequest, DisputesResponse>) {
    this.calls = new WorkerCalls(start, crashed);
  }

  async find({ teacher, student, table, smallest }: DisputesInput): Promise<ImageDisputes> {
    const { disputes, problem } = await this.calls.ask(async (id) => {
      const input = { teacher: await part(teacher), student: await part(student), table, smallest };
      const transfer = [input.teacher, input.student].map(({ classMap }) => classMap.ids.buffer);
      return { request: { id, input }, transfer };
    });
    return { disputes, problem };
  }
}

const part = async ({ classMap, table, logits }: DisputesInput['teacher']) => ({
  classMap: { ...classMap, ids: await copyIds(classMap.ids) },
  table,
  logits,
});

const crashed = (id: number, message: string): DisputesResponse => ({
  id,
  disputes: [],
  problem: {
    code: 'disputes.crashed',
    severity: 'error',
    title: 'looking for disputes stopped',
    detail: message,
  },
});
