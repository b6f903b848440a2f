interface Numbered {
  readonly id: number;
}

/** The part of a Worker that is used, so that tests can put another end to it. */
export interface CallPort<Request extends Numbered, Response extends Numbered> {
  postMessage(message: Request, transfer: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<Response>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** A request and what of it crosses to the other thread without being copied, and is gone here. */
export interface Sent<Request> {
  readonly request: Request;
  readonly transfer: ArrayBuffer[];
}

/** Questions to a thread of its own, which begins with the first of them, and again with the next after a crash. */
export class WorkerCalls<Request extends Numbered, Response extends Numbered> {
  private port: CallPort<Request, Response> | null = null;
  private readonly waiting = new Map<number, (response: Response) => void>();
  private nextId = 1;

  constructor(
    private readonly start: () => CallPort<Request, Response>,
    /** What a question is answered with that was lost with its thread, or could not be sent. */
    private readonly crashed: (id: number, message: string) => Response,
  ) {}

  /** `make` may take its time. Never rejects. */
  async ask(make: (id: number) => Sent<Request> | Promise<Sent<Request>>): Promise<Response> {
    const id = this.nextId++;
    try {
      const { request, transfer } = await make(id);
      const port = this.warm();
      return await new Promise<Response>((resolve) => {
        this.waiting.set(id, resolve);
        port.postMessage(request, transfer);
      });
    } catch (error) {
      this.waiting.delete(id);
      return this.crashed(id, error instanceof Error ? error.message : String(error));
    }
  }

  /** Starts the other thread before it is needed. */
  warm(): CallPort<Request, Response> {
    this.port ??= this.open();
    return this.port;
  }

  /** Ends the thread; the next question begins another one. */
  stop(): void {
    this.port?.terminate();
    this.port = null;
  }

  private open(): CallPort<Request, Response> {
    const port = this.start();
    port.onmessage = ({ data }) => {
      this.waiting.get(data.id)?.(data);
      this.waiting.delete(data.id);
    };
    port.onerror = (event) => {
      this.stop();
      const lost = [...this.waiting];
      this.waiting.clear();
      for (const [id, resolve] of lost) resolve(this.crashed(id, event.message));
    };
    return port;
  }
}
