/** The part of the engine's WebAssembly that is used: the types of browsers and Node are not in force here. */
export interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports?: object) => { readonly exports: unknown };
  readonly Memory: new (limits: { initial: number; maximum: number; shared: true }) => SharedMemory;
}

/** The part of WebAssembly.Memory that is used of one that threads share. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}

/** Bytes of a page of its memory, by which memory grows. */
export const WASM_PAGE = 65536;

/** undefined where the engine has none. */
export const webAssembly = (): WebAssemblyApi | undefined =>
  (globalThis as unknown as { WebAssembly?: WebAssemblyApi }).WebAssembly;

/** A module that scripts/buildKernels.ts wrote as hexadecimal digits. Throws where its features are not there. */
export function compileHex(api: WebAssemblyApi, digits: string): object {
  const bytes = Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
    Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  );
  return new api.Module(bytes);
}
