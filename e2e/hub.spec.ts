import { expect, test, type Page } from '@playwright/test';
import { encode } from 'fast-png';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildNode, buildOnnxBytes, buildValue, floatTensor } from '#core/onnx/buildModel.ts';
import { startHubServer, type HubServer } from '../main/node/testing/hubServer.ts';
import { exportMasks } from './exportMasks.ts';
import { removeScratch } from './scratchFolder.ts';
import { launchStudio, type RunningStudio } from './studio.ts';

const SIZE = { width: 96, height: 64 };
const STREETS = 'acme--streets@01234567';
/** More than the pipes and buffers between host and studio hold, so that a download can be seen in the middle. */
const WEIGHTS = 6_000_000;

/** Two classes: which of red and green is brighter; with weights that are never used, to make the file large. */
function redOrGreen(): Uint8Array {
  return buildOnnxBytes({
    nodes: [
      buildNode('Conv', ['pixel_values', 'weight'], ['scores']),
      buildNode('ReduceMax', ['ballast'], ['nothing'], { keepdims: 0 }),
      buildNode('Add', ['scores', 'nothing'], ['logits']),
    ],
    initializers: [
      floatTensor('weight', [2, 3, 1, 1], [1, 0, 0, 0, 1, 0]),
      floatTensor('ballast', [WEIGHTS / 4]),
    ],
    outputs: [buildValue('logits', [1, 2, 'height', 'width'])],
  });
}

let scratch: string;
let hub: HubServer;
let studio: RunningStudio | null = null;

test.beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'dynaseg-hub-'));
  const files = {
    'config.json': JSON.stringify({ model_type: 'segformer', id2label: { 0: 'Red', 1: 'Green' } }),
    'preprocessor_config.json': JSON.stringify({ size: SIZE }),
    'onnx/model.onnx': redOrGreen(),
  };
  hub = await startHubServer({ 'acme/streets': { files, licence: 'apache-2.0' } });
  const data = new Uint8Array(SIZE.width * SIZE.height * 3);
  // Left half red, right half green.
  for (let pixel = 0; pixel < data.length / 3; pixel++)
    data[pixel * 3 + (pixel % SIZE.width < SIZE.width / 2 ? 0 : 1)] = 255;
  await mkdir(join(scratch, 'images'));
  await writeFile(join(scratch, 'images', 'a.png'), encode({ ...SIZE, data, channels: 3 }));
});

test.afterAll(async () => {
  await studio?.close().catch(() => undefined);
  await hub.close();
  await removeScratch(scratch);
});

async function open(endpoint: string): Promise<Page> {
  const userData = join(scratch, 'user');
  await mkdir(userData, { recursive: true });
  await writeFile(
    join(userData, 'settings.json'),
    JSON.stringify({ backend: 'wasm', hubEndpoint: endpoint }),
  );
  // What the machine says of a mirror is not the test's.
  studio = await launchStudio({ folder: join(scratch, 'images'), userData, env: { HF_ENDPOINT: '' } });
  await studio.page.keyboard.press('Alt+5');
  return studio.page;
}

test('a model of a mirror: interrupted, damaged and offline are told, it opens, and leaves no file behind', async () => {
  const page = await open(hub.endpoint);
  const dialog = page.getByTestId('hub-dialog');
  await page.getByTestId('add-from-hub').click();
  await expect(dialog).toContainText(
    `Asks ${hub.endpoint}, as Settings say. Nothing else leaves this machine.`,
  );
  await page.getByTestId('hub-address').fill('acme/streets');
  await page.getByTestId('hub-look').click();
  await expect(page.getByTestId('hub-listing')).toContainText('apache-2.0');

  // The host falls silent in the middle: how far it is is shown, it is stopped, and goes on from there.
  hub.misbehave('onnx/model.onnx', { kind: 'silentAfter', bytes: WEIGHTS / 2 }, { kind: 'otherBytes' });
  await page.getByTestId('hub-download').click();
  await expect(page.getByTestId('hub-loading')).toContainText('3.0 MB of 6.0 MB');
  await page.getByTestId('hub-cancel').click();
  await expect(page.getByTestId('hub-download')).toHaveText('Go on with the download');
  const models = join(scratch, 'user', 'models');
  expect(await readdir(models)).toEqual(['.downloads']);
  // The rest comes with other bytes: nothing of it is kept, and nothing is added.
  await page.getByTestId('hub-download').click();
  await expect(dialog).toContainText('onnx/model.onnx is not what the repository lists');
  expect(hub.requests.at(-1)).toContain(' bytes=');
  expect(existsSync(join(models, STREETS))).toBe(false);

  // Without a network it is said at once.
  await hub.pause();
  await page.getByTestId('hub-back').click();
  await page.getByTestId('hub-download').click();
  await expect(dialog).toContainText('it cannot be reached', { timeout: 3000 });
  await hub.resume();

  await page.getByTestId('hub-back').click();
  await page.getByTestId('hub-download').click();
  await expect(page.getByTestId('hub-added')).toContainText('every file has the hash', { timeout: 15_000 });
  await page.getByTestId('hub-use-student').click();
  await page.keyboard.press('Alt+1');
  await expect(page.getByTestId('footer-student')).toContainText('ms', { timeout: 30_000 });

  // A mask that began with it keeps its name when it is removed.
  await page.keyboard.press('Alt+2');
  await page.getByTestId('start-student').click();
  await expect(page.getByTestId('save-state')).toHaveText('saved');
  await page.keyboard.press('Alt+5');
  await page.getByTestId('more-acme--streets').click();
  await page.getByTestId('remove-acme--streets').click();
  await expect(page.getByTestId('remove-says')).toHaveText(
    'The studio downloaded it: its files, 6.0 MB, are deleted.',
  );
  await page.getByTestId('remove-run').click();
  await expect(page.getByTestId('model-acme--streets')).toHaveCount(0);
  expect(existsSync(join(models, STREETS))).toBe(false);
  const masks = join(scratch, 'exported');
  await page.keyboard.press('Alt+2');
  await exportMasks(studio!, masks);
  const manifest = JSON.parse(await readFile(join(masks, 'manifest.json'), 'utf8')) as {
    images: { source: string; modelIds: string[] }[];
  };
  expect(manifest.images.map(({ source, modelIds }) => [source, modelIds])).toEqual([
    ['student', ['acme--streets']],
  ]);
});
