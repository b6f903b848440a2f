import { readFile, readdir, stat, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { rawTensor, buildNode, buildOnnxBytes, buildValue } from '#core/onnx/buildModel.ts';
import { dataTypes } from '#core/onnx/dataType.ts';
import { parseHubAddress } from '#core/models/hubRepository.ts';
import { HUB_COMMIT, startHubServer, type HubServer } from '../testing/hubServer.ts';
import { TINY_CONFIG, tinyOnnx } from '../testing/modelFolder.ts';
import { temporaryFolder, type TemporaryFolder } from '../testing/temporaryFolder.ts';
import { readModelFolder } from '../modelFolder.ts';
import { downloadFromHub, lookAtHub, type HubProgress } from './hubModels.ts';

/** The same graph with weights that make it large enough to be kept apart. */
const largeOnnx = buildOnnxBytes({
  nodes: [buildNode('Conv', ['pixel_values', 'weight'], ['logits'], { pads: [20, 20, 20, 20] })],
  initializers: [
    rawTensor(
      'weight',
      [2, 3, 41, 41],
      dataTypes.FLOAT,
      Uint8Array.from({ length: 40_344 }, (_, i) => i % 61),
    ),
  ],
  outputs: [buildValue('logits', [1, 2, 'height', 'width'])],
});

const files = {
  '.gitattributes': 'x',
  'README.md': '# A model',
  'config.json': JSON.stringify(TINY_CONFIG),
  'preprocessor_config.json': JSON.stringify({ size: { height: 64, width: 64 } }),
  'onnx/model.onnx': largeOnnx,
  'onnx/model_quantized.onnx': tinyOnnx(),
};

const serve = () =>
  startHubServer({
    'acme/streets': { files, licence: 'apache-2.0' },
    'acme/gated': { files, gatedBy: 'hf_secret' },
    'acme/own': { files, privateTo: 'hf_secret' },
    'acme/torch': { files: { 'config.json': '{}', 'model.safetensors': 'x' } },
  });

const task = (hub: HubServer, folder: TemporaryFolder, text = 'acme/streets', token?: string) => ({
  address: parseHubAddress(text),
  access: { endpoint: hub.endpoint, token, patienceMs: 300, pauseMs: 5 },
  modelsFolder: join(folder.path, 'models'),
});
const NAME = 'acme--streets@01234567';

test('a repository is looked at, downloaded whole, and opens with its licence', async () => {
  await using hub = await serve();
  await using folder = await temporaryFolder();
  expect(await lookAtHub(task(hub, folder))).toEqual({
    repository: 'acme/streets',
    revision: 'main',
    commit: HUB_COMMIT,
    endpoint: hub.endpoint,
    licence: 'apache-2.0',
    hasConfig: true,
    variants: [
      { file: 'onnx/model.onnx', bytes: largeOnnx.length, precision: 'fp32', here: 'no' },
      { file: 'onnx/model_quantized.onnx', bytes: tinyOnnx().length, precision: 'int8', here: 'no' },
    ],
  });
  const told: HubProgress[] = [];
  const path = await downloadFromHub({ ...task(hub, folder), onProgress: (progress) => told.push(progress) });
  expect(path).toBe(join(folder.path, 'models', NAME));
  expect((await readdir(path, { recursive: true })).sort()).toEqual([
    'config.json',
    'hub.json',
    'onnx',
    'onnx/model.onnx',
    'preprocessor_config.json',
  ]);
  expect(Buffer.from(largeOnnx).equals(await readFile(join(path, 'onnx/model.onnx')))).toBe(true);
  expect(told.at(-1)).toMatchObject({ file: 'onnx/model.onnx', done: told.at(-1)?.total });
  const info = await readModelFolder(path);
  expect({ id: info.id, name: info.name, licence: info.hub?.licence }).toEqual({
    id: 'acme--streets',
    name: 'acme/streets',
    licence: 'apache-2.0',
  });
});

test('another ONNX file of it joins the first; the token is told to the Hub alone', async () => {
  await using hub = await serve();
  await using folder = await temporaryFolder();
  await downloadFromHub(task(hub, folder, 'acme/streets', 'hf_secret'));
  const path = await downloadFromHub({ ...task(hub, folder), variant: 'int8' });
  expect(path).toBe(join(folder.path, 'models', NAME, 'onnx/model_quantized.onnx'));
  expect((await readModelFolder(path)).name).toBe('acme/streets model_quantized');
  const cdn = hub.requests.filter((line) => line.includes(' cdn '));
  expect(cdn).toEqual(['GET cdn /lfs/acme/streets/onnx/model.onnx']);
  expect(hub.requests.filter((line) => line.includes('Bearer hf_secret')).length).toBeGreaterThan(3);
  expect((await lookAtHub(task(hub, folder))).variants.map(({ here }) => here)).toEqual(['all', 'all']);
});

test('a body that breaks off is taken up where it ended', async () => {
  await using hub = await serve();
  await using folder = await temporaryFolder();
  hub.misbehave('onnx/model.onnx', { kind: 'cutAfter', bytes: 10_000 }, { kind: 'silentAfter', bytes: 5000 });
  await downloadFromHub(task(hub, folder));
  const ranges = hub.requests
    .filter((line) => line.includes(' cdn '))
    .map((line) => line.split(' ')[3] ?? 'all');
  expect(ranges).toEqual(['all', 'bytes=10000-', 'bytes=15000-']);
});

test('a host without ranges sends all of it again', async () => {
  await using hub = await serve();
  await using folder = await temporaryFolder();
  hub.misbehave('onnx/model.onnx', { kind: 'cutAfter', bytes: 10_000 }, { kind: 'noRange' });
  const path = await downloadFromHub(task(hub, folder));
  expect(Buffer.from(largeOnnx).equals(await readFile(join(path, 'onnx/model.onnx')))).toBe(true);
});

test('what never comes is said, and kept for the next time', async () => {
  await using hub = await serve();
  await using folder = await temporaryFolder();
  const cut = { kind: 'cutAfter', bytes: 0 } as const;
  hub.misbehave('onnx/model.onnx', { kind: 'cutAfter', bytes: 7000 }, cut, cut, cut, cut);
  await expect(downloadFromHub(task(hub, folder))).rejects.toThrow(
    `acme/streets: onnx/model.onnx ended after 7000 of ${largeOnnx.length} bytes. `,
  );
  await expect(stat(join(folder.path, 'models', NAME))).rejects.toThrow('ENOENT');
  expect((await lookAtHub(task(hub, folder))).variants[0]?.here).toBe('part');
  await downloadFromHub(task(hub, folder));
  expect(hub.requests.at(-1)).toBe('GET cdn /lfs/acme/streets/onnx/model.onnx bytes=7000-');
});

test('cancelled in the middle, then gone on with', async () => {
  await using hub = await serve();
  await using folder = await temporaryFolder();
  hub.misbehave('onnx/model.onnx', { kind: 'silentAfter', bytes: 9000 });
  const abort = new AbortController();
  const stopped = downloadFromHub({
    ...task(hub, folder),
    signal: abort.signal,
    onProgress: ({ file, done }) => {
      if (file === 'onnx/model.onnx' && done > 9000) abort.abort(new Error('stopped by the user'));
    },
  });
  await expect(stopped).rejects.toThrow('stopped by the user');
  await downloadFromHub(task(hub, folder));
  expect(hub.requests.at(-1)).toBe('GET cdn /lfs/acme/streets/onnx/model.onnx bytes=9000-');
});

test('stopped while the host is silent, where fetch forgets the signal once the head is there', async () => {
  await using hub = await serve();
  await using folder = await temporaryFolder();
  hub.misbehave('onnx/model.onnx', { kind: 'silentAfter', bytes: 9000 });
  const { fetch } = globalThis;
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => fetch(url, { ...init, signal: null }));
  try {
    const abort = new AbortController();
    const { access, ...rest } = task(hub, folder);
    const stopped = downloadFromHub({
      ...rest,
      access: { ...access, patienceMs: 60_000 },
      signal: abort.signal,
      onProgress: ({ file, done }) => {
        if (file !== 'onnx/model.onnx' || done <= 9000) return;
        // Once the rest is waited for.
        setTimeout(() => abort.abort(new Error('stopped by the user')), 20);
      },
    });
    await expect(stopped).rejects.toThrow('stopped by the user');
  } finally {
    vi.unstubAllGlobals();
  }
});

test('bytes that are not the listed ones are thrown away', async () => {
  await using hub = await serve();
  await using folder = await temporaryFolder();
  hub.misbehave('onnx/model.onnx', { kind: 'otherBytes' });
  await expect(downloadFromHub(task(hub, folder))).rejects.toThrow(
    'acme/streets: onnx/model.onnx is not what the repository lists. sha256 ',
  );
  // A part that was damaged on the disk is found out, too, and is no dead end.
  const part = join(folder.path, 'models/.downloads', NAME, 'onnx/model.onnx.part');
  await expect(stat(part)).rejects.toThrow('ENOENT');
  await mkdir(join(part, '..'), { recursive: true });
  await writeFile(part, new Uint8Array(500));
  await expect(downloadFromHub(task(hub, folder))).rejects.toThrow('is not what the repository lists');
  hub.misbehave('config.json', { kind: 'otherBytes' });
  await downloadFromHub(task(hub, folder));
});

test('more bytes than listed are not written', async () => {
  await using hub = await serve();
  await using folder = await temporaryFolder();
  hub.misbehave('onnx/model.onnx', { kind: 'more' });
  await expect(downloadFromHub(task(hub, folder))).rejects.toThrow(
    `acme/streets: more than the ${largeOnnx.length} bytes came that the repository lists for onnx/model.onnx`,
  );
});

test('a host that fails for a moment', async () => {
  await using hub = await serve();
  await using folder = await temporaryFolder();
  hub.misbehave('onnx/model.onnx', { kind: 'status', status: 503 }, { kind: 'status', status: 416 });
  await downloadFromHub(task(hub, folder));
  hub.misbehave('onnx/model_quantized.onnx', { kind: 'status', status: 404 });
  await expect(downloadFromHub({ ...task(hub, folder), variant: 'int8' })).rejects.toThrow(
    'acme/streets: it has no onnx/model_quantized.onnx',
  );
});

test.each([
  [
    'acme/nothing',
    'acme/nothing: there is no such repository, or it is private. Look at its name; for a private one',
  ],
  ['acme/own', 'acme/own: there is no such repository, or it is private'],
  ['acme/streets@v9', 'acme/streets: it has no revision v9. Look at its name and its revision on its page'],
  [
    'acme/gated',
    'acme/gated: its owner asks for an agreement before it can be downloaded. Agree to it on its page',
  ],
  [
    'acme/torch',
    'acme/torch: it has no ONNX file. It has model.safetensors, which is for training. Look for torch',
  ],
])('%s is refused in plain words', async (text, message) => {
  await using hub = await serve();
  await using folder = await temporaryFolder();
  await expect(downloadFromHub(task(hub, folder, text))).rejects.toThrow(message);
});

test('with a token a gated and a private repository open', async () => {
  await using hub = await serve();
  await using folder = await temporaryFolder();
  for (const text of ['acme/gated', 'acme/own']) await downloadFromHub(task(hub, folder, text, 'hf_secret'));
});

test('a host that is not there says so at once', async () => {
  const hub = await serve();
  await using folder = await temporaryFolder();
  await hub.close();
  await expect(lookAtHub(task(hub, folder))).rejects.toThrow(
    `${hub.endpoint}: it cannot be reached. The network says ECONNREFUSED. Connect to the network`,
  );
});
