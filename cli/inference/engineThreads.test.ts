import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { Engine } from '#core/engine/engine.ts';
import { EngineModel } from '#core/engine/engineModel.ts';
import { readEmitted } from '#core/engine/emittedSegformer.ts';
import { readOnnx } from '#core/onnx/readOnnx.ts';
import { optimiseModel } from '#core/onnx/segformer/optimiseModel.ts';
import { nodeEngine } from './nodeEngine.ts';

/** Alone in its file: what went wrong did so only while a process had not run the kernels often. */
it(
  'the first run on two threads gives what one thread gives, bit for bit',
  { timeout: 120_000 },
  async () => {
    const id = 'segformer-b0-street';
    const file = fileURLToPath(new URL(`../../models/${id}/onnx/model.onnx`, import.meta.url));
    const optimised = optimiseModel(readOnnx(await readFile(file), id), 'wasm');
    const emitted = optimised.optimised ? readEmitted(readOnnx(optimised.bytes, id)) : null;
    const pixels = Float32Array.from({ length: 3 * 256 * 256 }, (_, i) => Math.sin(i * 0.37) * 2);
    const two = nodeEngine(2);
    const alone = Engine.create(1, () => undefined);
    if (!emitted || !two || !alone) throw new Error('there is no engine');
    const shared = EngineModel.create(two, emitted, id);
    const expected = EngineModel.create(alone, emitted, id)?.run(pixels, 256, 256).logits;
    // The helping thread is there by then.
    await sleep(1500);
    for (let run = 0; run < 3; run++) {
      const logits = shared?.run(pixels, 256, 256).logits;
      expect(logits?.findIndex((value, i) => value !== expected?.[i])).toBe(-1);
    }
  },
);
