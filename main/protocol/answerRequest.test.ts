import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder, type TemporaryFolder } from '../node/testing/temporaryFolder.ts';
import { answerRequest, type StudioFiles } from './answerRequest.ts';

const SECRET = 'the secret';

/** A page with links out of its folder, an image folder likewise, and a secret beside both. */
async function served(folder: TemporaryFolder): Promise<StudioFiles> {
  const secret = await folder.write('secret.txt', SECRET);
  await folder.write('page/index.html', 'the page');
  await folder.write('images/a.png', 'a picture');
  await mkdir(join(folder.path, 'vault'));
  await folder.write('vault/b.txt', SECRET);
  await symlink(secret, join(folder.path, 'page', 'link.txt'));
  await symlink(join(folder.path, 'vault'), join(folder.path, 'page', 'vault'));
  await symlink(secret, join(folder.path, 'images', 'link.png'));
  const names = ['a.png', 'link.png', '../secret.txt', secret, 'gone.png', '..', 'a.png\0.txt'];
  return {
    page: join(folder.path, 'page'),
    image: (projectId, imageId) => {
      const name = names[imageId - 1];
      return projectId === 'p' && name !== undefined ? { folder: join(folder.path, 'images'), name } : null;
    },
    model: () => Promise.resolve(null),
  };
}

it('protocol: serves the page and the images of the open project', async () => {
  await using folder = await temporaryFolder();
  const files = await served(folder);
  const page = await answerRequest('studio://app/', files);
  expect([page.status, await page.text(), page.headers.get('Content-Type')]).toEqual([
    200,
    'the page',
    'text/html; charset=utf-8',
  ]);
  const image = await answerRequest('studio://app/image/p/1', files);
  expect([image.status, await image.text()]).toEqual([200, 'a picture']);
});

it('protocol: no path leads out of its folder, whatever it is written like', async () => {
  await using folder = await temporaryFolder();
  const files = await served(folder);
  const secret = join(folder.path, 'secret.txt');
  const attempts = [
    '../secret.txt',
    '..%2fsecret.txt',
    '..%2Fsecret.txt',
    '%2e%2e/secret.txt',
    '%2e%2e%2fsecret.txt',
    '..%5csecret.txt',
    '..\\secret.txt',
    '....//secret.txt',
    'x/..%2f..%2fsecret.txt',
    '..%252fsecret.txt',
    '..%c0%afsecret.txt',
    'index.html%00',
    'index.html%00.txt',
    '%00',
    'link.txt',
    'vault/b.txt',
    'vault',
    secret.slice(1),
    secret,
    encodeURIComponent(secret),
    pathToFileURL(secret).href,
    encodeURIComponent(pathToFileURL(secret).href),
    '//server/share/secret.txt',
    '%5c%5cserver%5cshare%5csecret.txt',
    '%2f%2fserver%2fshare%2fsecret.txt',
    'C:/secret.txt',
    'C:%5csecret.txt',
    '%5c%5c%3f%5cC:%5csecret.txt',
    ...[2, 3, 4, 5, 6, 7, 8].map((id) => `image/p/${id}`),
    'image/other/1',
    'model/..%2f..%2fsecret.txt/model.onnx',
  ];
  for (const attempt of attempts) {
    const answer = await answerRequest(`studio://app/${attempt}`, files);
    expect([403, 404], `${attempt} gave ${answer.status}`).toContain(answer.status);
    expect(await answer.text(), attempt).not.toContain(SECRET);
  }
});

it('protocol: every answer carries the policy, errors too', async () => {
  await using folder = await temporaryFolder();
  const files = await served(folder);
  for (const address of ['studio://app/', 'studio://app/absent', 'studio://app/..%2f', 'studio://other/']) {
    const { headers } = await answerRequest(address, files);
    expect(headers.get('Content-Security-Policy'), address).toContain("default-src 'none'");
    expect(headers.get('X-Content-Type-Options'), address).toBe('nosniff');
    expect(headers.get('Cross-Origin-Opener-Policy'), address).toBe('same-origin');
  }
});
