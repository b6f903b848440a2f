import type { ImageDisputes } from '../store/useDisputes.ts';
import type { DisputesInput, DisputesRequest, DisputesResponse } from './disputesMessage.ts';

/** The part of a Worker that the client uses. */
export interface DisputesPort {
  postMessage(message: DisputesRequest): void;
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
      this.port ??= this.open();
      const { teacher, student, table, smallest } = input;
      const part = ({ classMap, table: own, logits }: DisputesInput['teacher']) => ({
        classMap,
        table: own,
        logits,
      });
      this.port.postMessage({
        id,
        input: { teacher: part(teacher), student: part(student), table, smallest },
      });
    });
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
