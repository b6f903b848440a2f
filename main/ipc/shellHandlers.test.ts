import { expect, it } from 'vitest';
import { temporaryFolder } from '../node/testing/temporaryFolder.ts';
import { shellHandlers } from './shellHandlers.ts';

it('shell: a file name is handed to the file manager as it is, whatever a shell would make of it', async () => {
  await using folder = await temporaryFolder();
  const names = [
    '$(touch pwned).png',
    '`touch pwned`.png',
    'a; touch pwned.png',
    'a && touch pwned.png',
    'a | touch pwned',
    '"quoted" \'too\'.png',
    '-rf',
    '--version',
    '%2e%2e%2fa.png',
    'new\nline.png',
    'https:example.org.png',
  ];
  const shown: string[] = [];
  const handlers = shellHandlers((path) => shown.push(path));
  const paths: string[] = [];
  for (const name of names) {
    const path = await folder.write(name, 'x');
    paths.push(path);
    await handlers['shell.showInFolder']({ path });
  }
  expect(shown).toEqual(paths);
});

it('shell: addresses, relative names, network shares and what is not there are refused', async () => {
  await using folder = await temporaryFolder();
  const path = await folder.write('a.png', 'x');
  const shown: string[] = [];
  const handlers = shellHandlers((asked) => shown.push(asked));
  const refused = [
    'a.png',
    '--help',
    'https://example.org',
    'file:///etc/passwd',
    'javascript:alert(1)',
    `${path}.gone`,
    `${path}\0`,
  ];
  for (const asked of refused) {
    await expect(
      Promise.resolve().then(() => handlers['shell.showInFolder']({ path: asked })),
    ).rejects.toThrow(`${asked}: it does not exist`);
  }
  for (const asked of ['\\\\server\\share\\a.png', '//server/share/a.png', `/${path}`]) {
    await expect(
      Promise.resolve().then(() => handlers['shell.showInFolder']({ path: asked })),
    ).rejects.toThrow(`${asked}: a network path is not shown from here`);
  }
  expect(shown).toEqual([]);
});
