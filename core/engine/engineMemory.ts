import { WASM_PAGE, type SharedMemory } from '../wasm/webAssembly.ts';

/** Blocks begin at multiples of a line of the processor's cache, so that threads do not share one. */
const LINE = 64;

interface Block {
  readonly address: number;
  readonly bytes: number;
}

/** The memory that all threads of an engine share, in blocks that are taken and given back. */
export class EngineMemory {
  /** By address; none touches the next. The first line is never given out: an address of 0 stands for none. */
  private free: Block[] = [];
  private end = LINE;

  constructor(readonly shared: SharedMemory) {}

  /** Takes a block; its contents are anything. Throws RangeError where the memory cannot grow. */
  take(bytes: number): number {
    const size = Math.ceil(Math.max(bytes, 1) / LINE) * LINE;
    const fits = this.free.findIndex((block) => block.bytes >= size);
    const block = this.free[fits];
    if (block) {
      const rest = { address: block.address + size, bytes: block.bytes - size };
      this.free.splice(fits, 1, ...(rest.bytes > 0 ? [rest] : []));
      return block.address;
    }
    const address = this.end;
    const missing = address + size - this.shared.buffer.byteLength;
    if (missing > 0) this.shared.grow(Math.ceil(missing / WASM_PAGE));
    this.end = address + size;
    return address;
  }

  /** Gives a block back that was taken with that many bytes. */
  give(address: number, bytes: number): void {
    const size = Math.ceil(Math.max(bytes, 1) / LINE) * LINE;
    const at = this.free.findIndex((block) => block.address > address);
    const index = at < 0 ? this.free.length : at;
    let first = { address, bytes: size };
    const before = this.free[index - 1];
    const after = this.free[index];
    const joinsBefore = before ? before.address + before.bytes === address : false;
    const joinsAfter = address + size === after?.address;
    if (before && joinsBefore) first = { address: before.address, bytes: before.bytes + first.bytes };
    if (after && joinsAfter) first = { address: first.address, bytes: first.bytes + after.bytes };
    this.free.splice(index - Number(joinsBefore), Number(joinsBefore) + Number(joinsAfter), first);
    const last = this.free.at(-1);
    if (last && last.address + last.bytes === this.end) {
      this.end = last.address;
      this.free.pop();
    }
  }

  /** A view, valid until more memory is taken. */
  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.shared.buffer, address, length);
  }

  /** A view, valid until more memory is taken. */
  ints(address: number, length: number): Int32Array {
    return new Int32Array(this.shared.buffer, address, length);
  }
}

/** A number as the four bytes of a float32 in an int32. */
export function floatBits(value: number): number {
  return new Int32Array(Float32Array.of(value).buffer)[0]!;
}
