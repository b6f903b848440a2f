import { copyIds } from '../store/copyIds.ts';
import type { ImageDisputes } from '../store/useDisputes.ts';
import type { DisputesInput, DisputesRequest, DisputesResponse } from './disputesMessage.ts';

/** The part of a Worker that the client uses. */
export interface DisputesPort {
  postMessage(message: DisputesRequest, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<DisputesResponse>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** Finds disputes off the window's thread. Never rejects. */
export class DisputesClient {
  private port: DisputesPort | null = null;
  private readonly waiting = new Map<number, (found: ImageDisputes) => void>();
  private nextId = 1;

  constructor(private readonly start: () => DisputesPort) {}

  find(input: DisputesInput): Promise<ImageDisputes> {
    return new Promise((resolve) => {
      const id = this.nextId++;
      this.waiting.set(id, resolve);
      void this.send(id, input);
    });
  }

  private async send(id: number, { teacher, student, table, smallest }: DisputesInput): Promise<void> {
    const part = async ({ classMap, table: own, logits }: DisputesInput['teacher']) => ({
      classMap: { ...classMap, ids: await copyIds(classMap.ids) },
      table: own,
      logits,
    });
    const input = { teacher: await part(teacher), student: await part(student), table, smallest };
    this.port ??= this.open();
    const maps = [input.teacher, input.student].map(({ classMap }) => classMap.ids.buffer);
    this.port.postMessage({ id, input }, maps);
  }

  private open(): DisputesPort {
    const port = this.start();
    port.onmessage = ({ data: { id, disputes, problem } }) => {
      this.waiting.get(id)?.({ disputes, problem });
      this.waiting.delete(id);
    };
    port.onerror = (event) => {
      this.port = null;
      const lost = [...this.waiting.values()];
      this.waiting.clear();
      const problem = {
        code: 'disputes.crashed',
        severity: 'error',
        title: 'looking for disputes stopped',
        detail: event.message,
      } as const;
      for (const resolve of lost) resolve({ disputes: [], problem });
    };
    return port;
  }
}
