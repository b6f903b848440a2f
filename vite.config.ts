import { defaultClientConditions, defineConfig } from 'vite';

/** The window's page. Its files are served by the main process from studio://app/, isolated by COOP and COEP. */
export default defineConfig({
  root: 'renderer',
  base: '/',
  publicDir: false,
  esbuild: { jsx: 'automatic' },
  resolve: {
    // onnxruntime-web's variant that fetches its WebAssembly from where it is told (scripts/buildRenderer.ts
    // puts the files in use at /ort/) and has no copy of its own bundled.
    conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions],
  },
  worker: { format: 'es' },
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    // Chromium of Electron 25, the oldest runtime that the studio works on.
    target: 'chrome114',
    modulePreload: { polyfill: false },
    // Nothing as data: URL, the content security policy would refuse workers made of one.
    assetsInlineLimit: 0,
    sourcemap: true,
    chunkSizeWarningLimit: 2000,
  },
});
