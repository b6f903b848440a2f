import { describe, expect, it, vi } from 'vitest';
import { DEFAULT_RUN_SETTINGS } from '#core/inference/runSettings.ts';
import { preprocessorConfigSchema } from '#core/models/modelInfo.ts';
import { InferenceClient, type WorkerPort } from './inferenceClient.ts';
import type { SegmentAnswer, SegmentJob, WorkerRequest, WorkerResponse } from './protocol.ts';

/** The other end of the client: it keeps what it is sent, and answers when told to. */
class Port implements WorkerPort {
  sent: WorkerRequest[] = [];
  onmessage: WorkerPort['onmessage'] = null;
  onerror: WorkerPort['onerror'] = null;
  terminated = false;

  postMessage(message: WorkerRequest): void {
    this.sent.push(message);
  }
  terminate(): void {
    this.terminated = true;
  }
  /** Names of the images it was asked for. */
  get asked(): string[] {
    return this.sent.flatMap((message) => (message.type === 'segment' ? [message.job.image.name] : []));
  }
  finish(): void {
    const last = this.sent.findLast((message) => message.type === 'segment');
    if (last?.type !== 'segment') throw new Error('nothing runs');
    this.onmessage?.({ data: { type: 'done', id: last.id, answer } } as MessageEvent<WorkerResponse>);
  }
  crash(): void {
    this.onerror?.({ message: 'out of memory' } as ErrorEvent);
  }
}

const answer: SegmentAnswer = {
  classMap: { width: 1, height: 1, ids: Uint8Array.of(0) },
  logits: { logits: Float32Array.of(1), classes: 1, height: 1, width: 1 },
  timings: { decode: 0, preprocess: 0, inference: 0, postprocess: 0 },
  macs: null,
  uncounted: [],
  parameters: null,
  inputWidth: 4,
  inputHeight: 4,
  tiles: 1,
  gates: null,
  cold: false,
};

const job = (name: string): SegmentJob => ({
  image: { sha256: name, name, file: new Blob() },
  model: {
    url: 'studio://app/model/m',
    name: 'm',
    sha256: 'ab',
    preprocessor: preprocessorConfigSchema.parse({}),
  },
  settings: DEFAULT_RUN_SETTINGS,
});

function bench() {
  const ports: Port[] = [];
  const client = new InferenceClient(
    'wasm',
    () => {
      const port = new Port();
      ports.push(port);
      return port;
    },
    { runtimeUrl: 'studio://app/ort/', threads: 2 },
  );
  return { client, ports };
}

describe('InferenceClient', () => {
  it('sends one job at a time, the most urgent first', async () => {
    const { client, ports } = bench();
    const first = client.segment(job('a'), { priority: 0 });
    void client.segment(job('later'), { priority: 2 });
    const urgent = client.segment(job('urgent'), { priority: 1 });
    expect(ports[0]!.asked).toEqual(['a']);
    ports[0]!.finish();
    await expect(first).resolves.toBe(answer);
    ports[0]!.finish();
    await urgent;
    expect(ports[0]!.asked).toEqual(['a', 'urgent', 'later']);
  });

  it('drops what waits when it is aborted, and finishes what runs', async () => {
    const { client, ports } = bench();
    const abort = new AbortController();
    const running = client.segment(job('running'), { priority: 0, signal: abort.signal });
    const waiting = client.segment(job('waiting'), { priority: 0, signal: abort.signal });
    abort.abort(new Error('moved on'));
    await expect(waiting).rejects.toThrow('moved on');
    ports[0]!.finish();
    await expect(running).resolves.toBe(answer);
    expect(ports[0]!.asked).toEqual(['running']);
  });

  it('ends a worker that does not answer in time', async () => {
    vi.useFakeTimers();
    try {
      const ports: Port[] = [];
      const start = (): Port => {
        const port = new Port();
        ports.push(port);
        return port;
      };
      const client = new InferenceClient('webgpu', start, { runtimeUrl: '/ort/', threads: 2 }, () => 30_000);
      const hung = client.segment(job('a'), { priority: 0 });
      const refused = expect(hung).rejects.toThrow(
        'm: it gave no answer within 30 s and was stopped. Its graph may loop, or be too large for this machine. Run it again',
      );
      vi.advanceTimersByTime(30_000);
      await refused;
      expect(ports[0]!.terminated).toBe(true);
      const next = client.segment(job('b'), { priority: 0 });
      ports[1]!.finish();
      await expect(next).resolves.toBe(answer);
    } finally {
      vi.useRealTimers();
    }
  });

  it('stops the run of a model with its worker, and runs what waits for others', async () => {
    const { client, ports } = bench();
    const hung = client.segment(job('a'), { priority: 0 });
    const same = client.segment(job('b'), { priority: 0 });
    const other = client.segment(
      { ...job('c'), model: { ...job('c').model, sha256: 'cd' } },
      { priority: 9 },
    );
    client.stop('cd');
    expect(ports[0]!.terminated).toBe(false);
    client.stop('ab');
    await expect(hung).rejects.toThrow('m: its run was stopped after 0 s. Run it again');
    await expect(same).rejects.toThrow('m: its run was stopped after 0 s');
    expect(ports[0]!.terminated).toBe(true);
    ports[1]!.finish();
    await expect(other).resolves.toBe(answer);
  });

  it('fails the job of a crashed worker and goes on with a fresh one', async () => {
    const { client, ports } = bench();
    const lost = client.segment(job('lost'), { priority: 0 });
    const next = client.segment(job('next'), { priority: 0 });
    ports[0]!.crash();
    await expect(lost).rejects.toThrow(
      'lost: the inference worker stopped. out of memory. It is started again with the next image',
    );
    expect(ports[0]!.terminated).toBe(true);
    expect(ports[1]!.sent[0]).toEqual({ type: 'setup', runtimeUrl: 'studio://app/ort/', threads: 2 });
    ports[1]!.finish();
    await expect(next).resolves.toBe(answer);
  });
});
