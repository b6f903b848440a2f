import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { buildNode, buildOnnxBytes, buildValue, floatTensor, rawTensor } from '#core/onnx/buildModel.ts';
import { dataTypes } from '#core/onnx/dataType.ts';
import { readAddedModels } from '../../main/node/addedModels.ts';
import { startHubServer } from '../../main/node/testing/hubServer.ts';
import { TINY_CONFIG } from '../../main/node/testing/modelFolder.ts';
import { temporaryFolder } from '../../main/node/testing/temporaryFolder.ts';

vi.setConfig({ testTimeout: 60_000 });

const onnx = buildOnnxBytes({
  nodes: [buildNode('Conv', ['pixel_values', 'weight'], ['logits'])],
  initializers: [
    floatTensor('weight', [2, 3, 1, 1]),
    rawTensor('unused', [50_000], dataTypes.FLOAT, new Uint8Array(200_000)),
  ],
  outputs: [buildValue('logits', [1, 2, 'height', 'width'])],
});

function dynaseg(args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['cli/dynaseg.mjs', ...args], { env: { ...process.env, ...env } });
  let [out, messages] = ['', ''];
  child.stdout.on('data', (data) => (out += String(data)));
  child.stderr.on('data', (data) => (messages += String(data)));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, messages }));
  return { child, ended };
}

test('a download that is killed half way goes on where it was, and the model is listed', async () => {
  await using hub = await startHubServer({
    'acme/streets': { files: { 'config.json': JSON.stringify(TINY_CONFIG), 'onnx/model.onnx': onnx } },
  });
  await using folder = await temporaryFolder();
  const env = { DYNASEG_USER_DATA: folder.path, HF_ENDPOINT: hub.endpoint };
  hub.misbehave('onnx/model.onnx', { kind: 'silentAfter', bytes: 120_000 });
  const killed = dynaseg(['models', 'add', 'acme/streets'], env);
  const part = join(folder.path, 'models/.downloads/acme--streets@01234567/onnx/model.onnx.part');
  const isHalf = async () => expect((await stat(part)).size).toBe(120_000);
  await vi.waitFor(isHalf, { timeout: 30_000, interval: 50 });
  killed.child.kill('SIGKILL');
  await killed.ended;

  const { code, out, messages } = await dynaseg(['models', 'add', 'acme/streets'], env).ended;
  expect({ code, out }).toEqual({ code: 0, out: `${join(folder.path, 'models/acme--streets@01234567')}\n` });
  expect(messages).toContain('0.2 MB of 0.2 MB onnx/model.onnx');
  expect(hub.requests.at(-1)).toBe('GET cdn /lfs/acme/streets/onnx/model.onnx bytes=120000-');
  expect(await readAddedModels(join(folder.path, 'models.json'))).toEqual([out.trim()]);
});
