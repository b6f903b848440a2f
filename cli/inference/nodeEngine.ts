import { Worker } from 'node:worker_threads';
import { Engine, type EngineThread } from '#core/engine/engine.ts';

/** What serveEngine does, as text: it needs no file and no loader. */
const HELPER = `const { module, memory, control, index } = require('node:worker_threads').workerData;
const words = () => new Int32Array(memory.buffer);
const sleep = (address, expected, milliseconds) => Atomics.wait(words(), address / 4, expected, milliseconds);
const wake = (address) => Atomics.notify(words(), address / 4);
new WebAssembly.Instance(module, { env: { memory, sleep, wake } }).exports.serve(control, index);`;

let engine: Engine | null | undefined;

/** The engine of this process; null where there can be none. `threads`: of the first call. */
export function nodeEngine(threads: number): Engine | null {
  engine ??= Engine.create(threads, startThread);
  return engine;
}

/** Such a thread never ends by itself, and keeps nobody from ending. */
function startThread(thread: EngineThread): void {
  new Worker(HELPER, { eval: true, workerData: thread }).unref();
}
