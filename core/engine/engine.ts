import { compileHex, webAssembly, type SharedMemory, type WebAssemblyApi } from '../wasm/webAssembly.ts';
import { ENGINE_HEX } from './engine.generated.ts';
import { EngineMemory } from './engineMemory.ts';

/** The functions of assembly/program.ts, which documents them. */
interface EngineExports {
  run(control: number): void;
  serve(control: number, index: number): void;
}

/** What a helping thread is given: may be posted to a worker. */
export interface EngineThread {
  readonly module: object;
  readonly memory: object;
  readonly control: number;
  /** From 1 on. */
  readonly index: number;
}

/** As scripts/buildKernels.ts has it. */
const MAXIMUM_PAGES = 32768;
const CONTROL_WORDS = 16;

/** Where a program lies and what it needs. */
interface Program {
  readonly stepsAt: number;
  readonly count: number;
  /** Bytes that each thread needs to itself. */
  readonly scratch: number;
}

interface Arena {
  at: number;
  bytes: number;
}

/**
 * The kernels that compute whole models, with the memory of all of their models and threads. They run on the calling
 * thread, which must be one that may wait, and on those that `startThread` starts.
 */
export class Engine {
  readonly memory: EngineMemory;
  private readonly control: number;
  private readonly exports: EngineExports;
  private readonly arena: Arena = { at: 0, bytes: 0 };
  private readonly scratch: Arena = { at: 0, bytes: 0 };

  private constructor(
    api: WebAssemblyApi,
    module: object,
    shared: SharedMemory,
    private readonly threads: number,
    startThread: (thread: EngineThread) => void,
  ) {
    this.memory = new EngineMemory(shared);
    this.control = this.memory.take(CONTROL_WORDS * 4);
    this.memory.ints(this.control, CONTROL_WORDS).fill(0);
    this.exports = instantiate(api, module, shared);
    for (let index = 1; index < threads; index++) {
      startThread({ module, memory: shared, control: this.control, index });
    }
  }

  /** Null where WebAssembly has no SIMD or no shared memory. `threads`: with the calling one. */
  static create(threads: number, startThread: (thread: EngineThread) => void): Engine | null {
    const api = webAssembly();
    if (!api || typeof SharedArrayBuffer === 'undefined') return null;
    try {
      const module = compileHex(api, ENGINE_HEX);
      const shared = new api.Memory({ initial: 16, maximum: MAXIMUM_PAGES, shared: true });
      return new Engine(api, module, shared, threads, startThread);
    } catch {
      return null;
    }
  }

  /**
   * Where programs put what they compute: one after the other, so one place for all. It moves when it must grow.
   * Throws RangeError without memory.
   */
  place(bytes: number): number {
    this.grow(this.arena, bytes);
    return this.arena.at;
  }

  run({ stepsAt, count, scratch }: Program): void {
    const own = Math.ceil(scratch / 64) * 64;
    this.grow(this.scratch, own * this.threads);
    this.memory.ints(this.control, CONTROL_WORDS).set([stepsAt, count, this.scratch.at, own], 3);
    this.exports.run(this.control);
  }

  private grow(arena: Arena, bytes: number): void {
    if (arena.bytes >= bytes) return;
    if (arena.bytes > 0) this.memory.give(arena.at, arena.bytes);
    // Should there be no memory, it has none until there is.
    arena.bytes = 0;
    arena.at = this.memory.take(bytes);
    arena.bytes = bytes;
  }
}

/** Helps an engine for as long as the thread lives: does not return. */
export function serveEngine({ module, memory, control, index }: EngineThread): void {
  const api = webAssembly();
  if (!api) return;
  instantiate(api, module, memory as SharedMemory).serve(control, index);
}

function instantiate(api: WebAssemblyApi, module: object, memory: SharedMemory): EngineExports {
  const words = (): Int32Array => new Int32Array(memory.buffer);
  const env = {
    memory,
    sleep: (address: number, expected: number, milliseconds: number) =>
      Atomics.wait(words(), address / 4, expected, milliseconds),
    wake: (address: number) => Atomics.notify(words(), address / 4),
  };
  return new api.Instance(module, { env }).exports as EngineExports;
}
