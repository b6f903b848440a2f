import { expect, test, type Page } from '@playwright/test';
import { access, mkdtemp, readFile, symlink, unlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WebPreferences } from 'electron';
import { inRepository } from '../scripts/repository.ts';
import { removeScratch } from './scratchFolder.ts';
import { launchStudio, type RunningStudio } from './studio.ts';

// The points of Electron's security checklist as they hold in the running app; docs/security.md names all of them.
let scratch: string;
let studio: RunningStudio;
let page: Page;
/** Somebody else's server: it counts who asks it for anything. */
let server: Server;
let elsewhere: string;
const asked: string[] = [];

test.beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'dynaseg-security-'));
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Content-Type': 'text/html' });
    response.end('<title>elsewhere</title>');
  });
  server.on('upgrade', (request, socket) => {
    asked.push(`upgrade ${request.url}`);
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  elsewhere = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  studio = await launchStudio({
    folder: inRepository('samples', 'images'),
    userData: join(scratch, 'user'),
  });
  ({ page } = studio);
});

test.beforeEach(() => {
  asked.length = 0;
});

test.afterAll(async () => {
  await studio.close().catch(() => undefined);
  await new Promise((resolve) => server.close(resolve));
  await removeScratch(scratch);
});

const preferences = () =>
  studio.app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    // Left out of Electron's types, there in every version.
    const contents = window!.webContents as unknown as { getLastWebPreferences(): WebPreferences };
    return contents.getLastWebPreferences();
  });

const windowCount = () => studio.app.evaluate(({ webContents }) => webContents.getAllWebContents().length);

const address = () => page.evaluate(() => location.href);

test('1 secure content: everything that the window loads comes from studio://, blob: or data:', async () => {
  await studio.app.evaluate(({ session }) => {
    const loaded: string[] = [];
    Object.assign(globalThis, { loaded });
    session.defaultSession.webRequest.onCompleted(({ url }) => void loaded.push(url));
  });
  await page.reload();
  await page.getByTestId('library-list').waitFor({ timeout: 60_000 });
  const loaded = await studio.app.evaluate(({ session }) => {
    session.defaultSession.webRequest.onCompleted(null);
    return (globalThis as unknown as { loaded: string[] }).loaded;
  });
  expect(loaded).toContain('studio://app/index.html');
  expect(loaded.length).toBeGreaterThan(3);
  expect(loaded.filter((name) => !/^(studio:\/\/app\/|blob:|data:)/.test(name))).toEqual([]);
  const html = await readFile(inRepository('dist', 'renderer', 'index.html'), 'utf8');
  expect(html).not.toMatch(/(src|href)\s*=\s*["']?(https?:)?\/\//);
});

test('1 no remote content: nothing in the page reaches another server', async () => {
  const outcome = await page.evaluate(async (url) => {
    const failed = (work: Promise<unknown>) =>
      work.then(
        () => 'answered',
        () => 'refused',
      );
    const element = (name: 'img' | 'script' | 'iframe' | 'link' | 'video', attribute: string) =>
      new Promise<string>((resolve) => {
        const made = document.createElement(name);
        made.addEventListener('load', () => resolve(name === 'iframe' ? 'refused' : 'answered'));
        made.addEventListener('error', () => resolve('refused'));
        if (name === 'link') made.setAttribute('rel', 'stylesheet');
        made.setAttribute(attribute, `${url}/${name}`);
        document.body.append(made);
        setTimeout(() => resolve('refused'), 1500);
      });
    const socket = () =>
      new Promise<string>((resolve) => {
        try {
          const opened = new WebSocket(`${url.replace('http', 'ws')}/socket`);
          opened.addEventListener('open', () => resolve('answered'));
          opened.addEventListener('error', () => resolve('refused'));
        } catch {
          resolve('refused');
        }
      });
    navigator.sendBeacon(`${url}/beacon`, 'x');
    return Promise.all([
      failed(fetch(`${url}/fetch`)),
      failed(fetch(`${url}/opaque`, { mode: 'no-cors' })),
      element('img', 'src'),
      element('script', 'src'),
      element('iframe', 'src'),
      element('link', 'href'),
      element('video', 'src'),
      socket(),
    ]);
  }, elsewhere);
  expect(outcome).toEqual(Array<string>(8).fill('refused'));
  expect(asked).toEqual([]);
});

test('1 no remote content: a document without a policy reaches no server either', async () => {
  await studio.app.evaluate(async ({ BrowserWindow }, url) => {
    const other = new BrowserWindow({ show: false });
    const html = `<img src="${url}/image"><script>fetch('${url}/fetch').catch(() => 0)</script>`;
    await other.loadURL(`data:text/html,${encodeURIComponent(html)}`);
    await other.webContents.executeJavaScript(
      `fetch('${url}/later', { mode: 'no-cors' }).then(() => 'answered', () => 'refused')`,
    );
    await other.loadURL(`${url}/page`).catch(() => undefined);
    other.destroy();
  }, elsewhere);
  expect(asked).toEqual([]);
});

test('2 no Node.js in the page: neither require nor process nor Buffer', async () => {
  const { nodeIntegration, nodeIntegrationInWorker, nodeIntegrationInSubFrames } = await preferences();
  expect([nodeIntegration, nodeIntegrationInWorker ?? false, nodeIntegrationInSubFrames ?? false]).toEqual([
    false,
    false,
    false,
  ]);
  const found = await page.evaluate(() =>
    ['require', 'process', 'module', 'Buffer', '__dirname', 'electron', 'ipcRenderer'].filter(
      (name) => name in globalThis,
    ),
  );
  expect(found).toEqual([]);
});

test('3 context isolation: the page cannot reach into the preload script', async () => {
  expect((await preferences()).contextIsolation).toBe(true);
  const answer = await page.evaluate(async () => {
    const stolen: unknown[] = [];
    // eslint-disable-next-line @typescript-eslint/unbound-method -- put back below
    const { call, apply } = Function.prototype;
    // What a page would do to see the arguments of the preload's own calls, ipcRenderer among them.
    Function.prototype.call = function (this: unknown, ...parts: unknown[]) {
      stolen.push(this, ...parts);
      return undefined;
    };
    const listen = (window as unknown as { studio: { on(name: string, heard: () => void): () => void } })
      .studio;
    const stop = listen.on('project.changed', () => undefined);
    stop();
    Function.prototype.call = call;
    Function.prototype.apply = apply;
    await Promise.resolve();
    return stolen.filter((value) => typeof value === 'object' && value !== null && 'invoke' in value).length;
  });
  expect(answer).toBe(0);
  const changed = await page.evaluate(() => {
    const { studio: api } = window as unknown as { studio: Record<string, unknown> };
    const before = api.call;
    try {
      api.call = 'replaced';
    } catch {
      // Frozen: it throws in strict code.
    }
    return api.call !== before;
  });
  expect(changed).toBe(false);
});

test('4 sandbox: the window runs in one, and its preload script has no Node.js', async () => {
  expect((await preferences()).sandbox).toBe(true);
  const preload = await readFile(inRepository('dist', 'preload', 'index.cjs'), 'utf8');
  const required = [...preload.matchAll(/require\(["']([^"']+)["']\)/g)].map((match) => match[1]);
  expect(required).toEqual(['electron']);
});

test('5 permissions: every one is refused, asked for or looked up, devices too', async () => {
  const outcome = await page.evaluate(async () => {
    const refusal = (work: () => Promise<unknown>) =>
      Promise.resolve()
        .then(work)
        .then(
          (value) => `granted ${String(value)}`,
          (error: unknown) => (error as Error).name,
        );
    const state = async (name: string) =>
      (await navigator.permissions.query({ name: name as PermissionName })).state;
    return {
      states: await Promise.all(['geolocation', 'notifications', 'camera', 'microphone'].map(state)),
      notification: await Notification.requestPermission(),
      camera: await refusal(() => navigator.mediaDevices.getUserMedia({ video: true })),
      screen: await refusal(() => navigator.mediaDevices.getDisplayMedia()),
      place: await new Promise((resolve) =>
        navigator.geolocation.getCurrentPosition(
          () => resolve('granted'),
          (error) => resolve(error.code),
        ),
      ),
      read: await refusal(() => navigator.clipboard.readText()),
    };
  });
  expect(outcome.states).toEqual(['denied', 'denied', 'denied', 'denied']);
  expect(outcome.notification).toBe('denied');
  expect(outcome.camera).toMatch(/NotAllowedError|NotFoundError/);
  expect(outcome.screen).toMatch(/NotAllowedError|InvalidStateError|NotSupportedError/);
  expect(outcome.place).toBe(1);
  expect(outcome.read).toBe('NotAllowedError');
});

test('6 webSecurity: it is on, and no switch turns it off', async () => {
  expect((await preferences()).webSecurity).toBe(true);
  const switches = await studio.app.evaluate(({ app }) =>
    [
      'disable-web-security',
      'disable-site-isolation-trials',
      'ignore-certificate-errors',
      'allow-running-insecure-content',
    ].filter((name) => app.commandLine.hasSwitch(name)),
  );
  expect(switches).toEqual([]);
});

test('7 content security policy: no script but our own files, nothing from a string', async () => {
  const policy = await page.evaluate(async () => {
    const { headers } = await fetch('studio://app/index.html');
    return headers.get('Content-Security-Policy');
  });
  const directives = Object.fromEntries(
    policy!.split('; ').map((directive) => {
      const [name = '', ...sources] = directive.split(' ');
      return [name, sources.join(' ')];
    }),
  );
  expect(directives).toEqual({
    'default-src': "'none'",
    'script-src': "'self' 'wasm-unsafe-eval'",
    'worker-src': "'self'",
    'style-src': "'self'",
    'img-src': "'self' blob: data:",
    'font-src': "'self'",
    'connect-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
  });
  const ran = await page.evaluate(async () => {
    const marks: string[] = [];
    Object.assign(window, { mark: (name: string) => marks.push(name) });
    const script = document.createElement('script');
    script.textContent = 'mark("inline")';
    document.body.append(script);
    const button = document.createElement('button');
    button.setAttribute('onclick', 'mark("handler")');
    document.body.append(button);
    button.click();
    // In a task of its own: what a debugger evaluates may evaluate strings.
    await new Promise<void>((resolve) => {
      setTimeout(() => {
        try {
          // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- it must not run
          new Function('mark("string")')();
        } catch {
          // What is expected: EvalError.
        }
        resolve();
      });
    });
    script.remove();
    button.remove();
    return marks;
  });
  expect(ran).toEqual([]);
});

test('8, 9, 10 no insecure content, experimental features or blink features are switched on', async () => {
  const { allowRunningInsecureContent, experimentalFeatures, enableBlinkFeatures } = await preferences();
  expect([allowRunningInsecureContent ?? false, experimentalFeatures ?? false]).toEqual([false, false]);
  expect(enableBlinkFeatures ?? '').toBe('');
  const switches = await studio.app.evaluate(({ app }) =>
    ['enable-blink-features', 'enable-experimental-web-platform-features'].filter((name) =>
      app.commandLine.hasSwitch(name),
    ),
  );
  expect(switches).toEqual([]);
});

test('11, 12 webviews: the page has none, and one in any window is refused before it is made', async () => {
  expect((await preferences()).webviewTag).toBe(false);
  const before = await windowCount();
  await page.evaluate((url) => {
    const made = document.createElement('webview');
    made.setAttribute('src', url);
    made.setAttribute('allowpopups', '');
    document.body.append(made);
  }, elsewhere);
  expect(await windowCount()).toBe(before);
  const attached = await studio.app.evaluate(async ({ BrowserWindow }) => {
    const other = new BrowserWindow({ show: false, webPreferences: { webviewTag: true } });
    let made = 0;
    other.webContents.on('did-attach-webview', () => made++);
    const html = '<webview src="data:text/html,x" allowpopups nodeintegration></webview>';
    await other.loadURL(`data:text/html,${encodeURIComponent(html)}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
    other.destroy();
    return made;
  });
  expect(attached).toBe(0);
  expect(asked).toEqual([]);
});

test('13 navigation: the window stays on its page, whatever asks it to leave', async () => {
  const before = await address();
  const targets = [
    `${elsewhere}/leave`,
    'file:///etc/passwd',
    'data:text/html,<title>left</title>',
    'studio://app/image/none/1',
    'studio://app/..%2f..%2fpackage.json',
    'javascript:document.title="left"',
  ];
  for (const target of targets) {
    await page.evaluate((url) => {
      const link = document.createElement('a');
      link.href = url;
      document.body.append(link);
      link.click();
      link.remove();
      const form = document.createElement('form');
      form.action = url;
      document.body.append(form);
      form.submit();
      form.remove();
    }, target);
    await page.evaluate((url) => {
      location.href = url;
    }, target);
    await page.waitForTimeout(100);
    expect(await address(), target).toBe(before);
  }
  // Asked in the page: a driver waits for the navigations that never come.
  const state = await page.evaluate(() => ({
    title: document.title,
    there: document.querySelector('[data-testid="library-list"]') !== null,
  }));
  expect(state).toEqual({ title: 'DynaSeg Studio', there: true });
  expect(asked).toEqual([]);
});

test('14 new windows: window.open, targets and middle clicks make none', async () => {
  const before = await windowCount();
  const opened = await page.evaluate((url) => {
    const targets = [url, 'studio://app/index.html', 'about:blank', '', 'file:///etc/passwd', 'mailto:a@b.c'];
    return targets.map((target) => window.open(target, '_blank', 'nodeIntegration=yes') === null);
  }, elsewhere);
  expect(opened).toEqual(Array<boolean>(6).fill(true));
  await page.evaluate((url) => {
    const link = document.createElement('a');
    link.href = url;
    link.target = '_blank';
    document.body.append(link);
    link.click();
    for (const button of [0, 1]) {
      link.dispatchEvent(new MouseEvent('click', { button, ctrlKey: true, bubbles: true }));
      link.dispatchEvent(new MouseEvent('auxclick', { button, bubbles: true }));
    }
    link.remove();
  }, elsewhere);
  await page.waitForTimeout(200);
  expect(await windowCount()).toBe(before);
  expect(asked).toEqual([]);
});

test('15 openExternal: no link and no file name starts another program', async () => {
  await studio.app.evaluate(({ shell }) => {
    const started: string[] = [];
    Object.assign(globalThis, { started });
    for (const name of ['openExternal', 'openPath', 'showItemInFolder', 'beep'] as const) {
      Object.assign(shell, {
        [name]: (...parts: string[]) => void started.push(`${name} ${parts.join(' ')}`),
      });
    }
  });
  const name = join(scratch, '$(touch pwned); `touch pwned` && "x".png');
  await writeFile(name, 'x');
  const outcomes = await page.evaluate(async (real) => {
    for (const url of ['https://example.org', 'mailto:a@b.c', 'smb://server/share', 'ms-msdt:/id']) {
      const link = document.createElement('a');
      link.href = url;
      document.body.append(link);
      link.click();
      link.remove();
      window.open(url);
    }
    const { studio: api } = window as unknown as {
      studio: { call(method: string, request: unknown): Promise<{ ok: boolean }> };
    };
    const oks: boolean[] = [];
    for (const path of ['https://example.org', '--help', '\\\\server\\share', '//server/share', real]) {
      oks.push((await api.call('shell.showInFolder', { path })).ok);
    }
    return oks;
  }, name);
  expect(outcomes).toEqual([false, false, false, false, true]);
  const started = await studio.app.evaluate(() => (globalThis as unknown as { started: string[] }).started);
  expect(started).toEqual([`showItemInFolder ${name}`]);
  await expect(access(join(scratch, 'pwned'))).rejects.toThrow('ENOENT');
});

test('17 senders: another window gets no answer, though it has our preload script and our page', async () => {
  const preload = inRepository('dist', 'preload', 'index.cjs');
  const outcomes = await studio.app.evaluate(async ({ BrowserWindow }, script) => {
    const results: unknown[] = [];
    for (const url of ['studio://app/index.html', 'data:text/html,x', 'about:blank']) {
      const other = new BrowserWindow({
        show: false,
        webPreferences: { preload: script, sandbox: true, contextIsolation: true },
      });
      await other.loadURL(url);
      results.push(
        await other.webContents.executeJavaScript(
          `Promise.all([window.studio.call('settings.save', { settings: {} }), window.studio.commitNow({})])
             .then(([call, commit]) => [call.ok, call.problem?.code, commit])`,
        ),
      );
      other.destroy();
    }
    return results;
  }, preload);
  expect(outcomes).toEqual(Array(3).fill([false, 'ipc.foreignSender', null]));
});

test('17 senders: the page cannot be framed, so no frame of it can call', async () => {
  const framed = await page.evaluate(async () => {
    const frame = document.createElement('iframe');
    frame.src = 'studio://app/index.html';
    document.body.append(frame);
    await new Promise((resolve) => {
      frame.addEventListener('load', resolve);
      setTimeout(resolve, 1500);
    });
    let inside: string;
    try {
      inside = typeof (frame.contentWindow as unknown as { studio?: unknown }).studio;
    } catch {
      inside = 'undefined';
    }
    frame.remove();
    return inside;
  });
  expect(framed).toBe('undefined');
});

test('18 file://: the page cannot read one, and the studio shows none', async () => {
  expect(await address()).toBe('studio://app/index.html');
  const read = await page.evaluate(() =>
    fetch('file:///etc/passwd').then(
      () => 'answered',
      () => 'refused',
    ),
  );
  expect(read).toBe('refused');
});

test('18 the studio’s own scheme: nothing outside of its folders, by no spelling and over no link', async () => {
  const link = inRepository('dist', 'renderer', 'link-out-of-it.json');
  await unlink(link).catch(() => undefined);
  await symlink(inRepository('package.json'), link);
  try {
    const outcomes = await page.evaluate(async () => {
      const attempts = [
        'link-out-of-it.json',
        '../../package.json',
        '..%2f..%2fpackage.json',
        '%2e%2e%2f%2e%2e%2fpackage.json',
        '..%5c..%5cpackage.json',
        'index.html%00.json',
        '/etc/passwd',
        '%2fetc%2fpasswd',
        '%5c%5cserver%5cshare%5cx',
        'image/none/1',
      ];
      const found: string[] = [];
      for (const attempt of attempts) {
        // Some are no addresses at all: those throw.
        const answer = await fetch(`studio://app/${attempt}`).catch(() => null);
        if (answer?.ok || (await answer?.text())?.includes('dynaseg-studio')) found.push(attempt);
      }
      return found;
    });
    expect(outcomes).toEqual([]);
  } finally {
    await unlink(link);
  }
});

test('20 no Electron API in the page: four functions of our own, and no event object', async () => {
  const offered = await page.evaluate(async () => {
    const { studio: api } = window as unknown as {
      studio: {
        on(name: string, heard: (...parts: unknown[]) => void): () => void;
        call(method: string, request: unknown): Promise<{ ok: boolean; problem?: { code: string } }>;
        pathForFile(file: unknown): string;
      };
    };
    const answers = await Promise.all(
      ['shell.openExternal', 'fs.readFile', 'eval', '__proto__', 'constructor'].map((method) =>
        api.call(method, {}),
      ),
    );
    return {
      names: Object.keys(api).sort(),
      codes: answers.map(({ problem }) => problem?.code),
      path: api.pathForFile({ path: '/etc/passwd' }),
    };
  });
  expect(offered).toEqual({
    names: ['call', 'commitNow', 'on', 'pathForFile'],
    codes: Array<string>(5).fill('ipc.unknownMethod'),
    path: '',
  });
});
