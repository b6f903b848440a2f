import { serveEngine, type EngineThread } from '#core/engine/engine.ts';

/** A thread that helps the kernels of an inference worker: it is told once what to help with, and never stops. */
self.addEventListener('message', ({ data }: MessageEvent<EngineThread>) => serveEngine(data), { once: true });
