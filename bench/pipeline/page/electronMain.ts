import { app, BrowserWindow, protocol } from 'electron';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';

/** Starts a page that serves a folder with the studio's isolation, as `bench://app/`. Argument: the folder. */
const folder = normalize(process.env.DYNASEG_BENCH_FOLDER ?? '');
const MIME: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.ts': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
  '.jpg': 'image/jpeg',
};

protocol.registerSchemesAsPrivileged([
  { scheme: 'bench', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
]);

void app.whenReady().then(() => {
  protocol.handle('bench', async (request) => {
    const path = normalize(join(folder, decodeURIComponent(new URL(request.url).pathname)));
    const bytes = path.startsWith(folder + sep) ? await readFile(path).catch(() => null) : null;
    if (!bytes) return new Response('not found', { status: 404 });
    return new Response(bytes, {
      headers: {
        'Content-Type': MIME[extname(path)] ?? 'application/octet-stream',
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
      },
    });
  });
  const window = new BrowserWindow({ width: 640, height: 480, webPreferences: { sandbox: true } });
  void window.loadURL('bench://app/page/index.html');
});
