import { compileHex, WASM_PAGE, webAssembly, type WebAssemblyApi } from '../../wasm/webAssembly.ts';
import { KERNELS_HEX } from './kernels.generated.ts';

/** The functions of assembly/*.ts, which document them; addresses are byte offsets into the memory. */
interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  filterColumns(
    source: number,
    sourcePitch: number,
    rows: number,
    target: number,
    targetPitch: number,
    outWidth: number,
    first: number,
    pairs: number,
    weights: number,
    stride: number,
  ): void;
  filterRow(source: number, rowBytes: number, target: number, weights: number, pairs: number): void;
  toPlanes(source: number, width: number, tables: number, target: number, plane: number): void;
  dropAlpha(source: number, width: number, target: number): void;
  maximise(
    planes: number,
    count: number,
    positions: number,
    firstId: number,
    best: number,
    winners: number,
  ): void;
  findAbove(plane: number, bars: number, positions: number, found: number): number;
  upsample(task: number): void;
  beginPainting(
    columns: number,
    rows: number,
    scratch: number,
    ids: number,
    width: number,
    wide: 0 | 1,
  ): void;
  paintCell(
    corners: number,
    classIds: number,
    count: number,
    firstX: number,
    lastX: number,
    firstY: number,
    lastY: number,
  ): void;
}

/** Memory of WebAssembly never shrinks: one that has grown beyond this many bytes is not used again. */
const KEPT_MEMORY = 24 * 1024 * 1024;

/** The kernels and their memory, of which callers take what they need, in turn. */
export class ImagingKernels {
  private used = 0;

  constructor(readonly run: KernelExports) {}

  /** Takes memory, at an address that is a multiple of 16, with 16 bytes behind it to spare. Contents: anything. */
  take(bytes: number): number {
    const address = this.used;
    this.used = Math.ceil((address + bytes + 16) / 16) * 16;
    const missing = this.used - this.run.memory.buffer.byteLength;
    if (missing > 0) this.run.memory.grow(Math.ceil(missing / WASM_PAGE));
    return address;
  }

  /** Takes memory for values and puts them there. */
  put(values: Int32Array | Float32Array | Float64Array | Uint16Array): number {
    const address = this.take(values.byteLength);
    this.bytes(address, values.byteLength).set(
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    );
    return address;
  }

  /** A view, valid until more memory is taken. */
  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.run.memory.buffer, address, length);
  }

  /** A view, valid until more memory is taken. */
  uint16(address: number, length: number): Uint16Array {
    return new Uint16Array(this.run.memory.buffer, address, length);
  }

  /** A view, valid until more memory is taken. */
  int32(address: number, length: number): Int32Array {
    return new Int32Array(this.run.memory.buffer, address, length);
  }

  /** A view, valid until more memory is taken. */
  float32(address: number, length: number): Float32Array {
    return new Float32Array(this.run.memory.buffer, address, length);
  }

  /** Gives back all memory that was taken. */
  clear(): void {
    this.used = 0;
  }

  get outgrown(): boolean {
    return this.run.memory.buffer.byteLength > KEPT_MEMORY;
  }
}

let module: object | null | undefined;
let idle: ImagingKernels | null = null;

/**
 * Does work by the kernels; null where the engine has no WebAssembly with SIMD, and the work is to be done without.
 */
export function withKernels<T>(work: (kernels: ImagingKernels) => T): T | null {
  const api = webAssembly();
  if (!api) return null;
  if (module === undefined) module = compile(api);
  if (!module) return null;
  const kernels = idle ?? new ImagingKernels(new api.Instance(module).exports as KernelExports);
  idle = null;
  try {
    return work(kernels);
  } finally {
    kernels.clear();
    if (!kernels.outgrown) idle = kernels;
  }
}

function compile(api: WebAssemblyApi): object | null {
  try {
    return compileHex(api, KERNELS_HEX);
  } catch {
    return null;
  }
}
