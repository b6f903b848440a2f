import { defaultClientConditions, defineConfig, type Rollup } from 'vite';

/** zod's comments on what may be left out are not all in a form that the bundler reads: nothing to act on. */
const rollupOptions: Rollup.RollupOptions = {
  onwarn(warning, warn) {
    if (warning.code !== 'INVALID_ANNOTATION') warn(warning);
  },
};

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
  worker: { format: 'es', rollupOptions },
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    // Chromium of Electron 25, the oldest runtime that the studio works on.
    target: 'chrome114',
    modulePreload: { polyfill: false },
    // Nothing as data: URL, the content security policy would refuse workers made of one.
    assetsInlineLimit: 0,
    sourcemap: true,
    rollupOptions,
    chunkSizeWarningLimit: 2000,
  },
});
