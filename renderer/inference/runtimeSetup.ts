/** More are no faster. */
const MAX_THREADS = 8;

/** Where a worker finds onnxruntime, and how many threads it takes. */
export const runtimeSetup = (): { readonly runtimeUrl: string; readonly threads: number } => ({
  runtimeUrl: new URL('/ort/', document.baseURI).href,
  threads: Math.min(navigator.hardwareConcurrency, MAX_THREADS),
});
