import { BOUNDARY_KEYS, countsBy } from '../metrics/boundary.ts';
import { ProblemError } from '../problem.ts';
import type { CalibrationCounts, ImageResult, PackedGates, SparseCounts } from './imageResult.ts';
import { gateBitsText, unpackedGates } from './packedGates.ts';

/**
 * An ImageResult as bytes, about a third of its JSON and read without looking at each number twice. In pieces, because
 * a folder of 100,000 images is filtered by one of them alone.
 */
export interface PackedResult {
  /** Confusion with the truth; null without truth. */
  readonly truthCells: Uint8Array | null;
  /** Confusion with the reference; null where there is none. */
  readonly referenceCells: Uint8Array | null;
  /** The number of neurons, then core/gates/gateBits.ts; null where the model tells no gates. */
  readonly gates: Uint8Array | null;
  /** Everything else, after a byte that says the format. */
  readonly details: Uint8Array;
}

const FORMAT = 1;
const FLOAT_BYTES = 8;
/** Where the bytes of a number are put together: they lie anywhere in a packed result. */
const floats = new Float64Array(1);
const floatBytes = new Uint8Array(floats.buffer);

const CALIBRATION = ['pixels', 'right', 'confidence'] as const satisfies readonly (keyof CalibrationCounts)[];

export function packResult(result: ImageResult): PackedResult {
  const { truth, reference, gates, calibration, worst, ms, macs } = result;
  const divergence = reference?.divergence ?? null;
  const details = new PackedWriter();
  details.count(FORMAT);
  for (const value of [result.width, result.height]) details.count(value);
  for (const value of [ms.decode, ms.preprocess, ms.inference, ms.postprocess]) details.float(value);
  details.float(macs ?? NaN);
  details.count(worst ? 1 : 0);
  if (worst)
    for (const value of [worst.x, worst.y, worst.width, worst.height, worst.area]) details.count(value);
  details.count(truth ? 1 : 0);
  if (truth) for (const name of BOUNDARY_KEYS) details.counts(truth.boundary[name]);
  details.count(calibration ? 1 : 0);
  if (calibration) for (const name of CALIBRATION) details.counts(calibration[name]);
  details.count(divergence ? 1 : 0);
  if (divergence) {
    details.float(divergence.sum);
    details.count(divergence.positions);
  }
  return {
    truthCells: truth && packCells(truth.confusion),
    referenceCells: reference && packCells(reference.confusion),
    gates: gates && packGateBits(gates),
    details: details.bytes(),
  };
}

/** The result that packResult was given. Throws ProblemError `evaluation.newer` and `evaluation.damaged`. */
export function unpackResult({ truthCells, referenceCells, gates, details }: PackedResult): ImageResult {
  const reader = new PackedReader(details);
  const format = reader.count();
  if (format !== FORMAT) {
    throw new ProblemError({
      code: 'evaluation.newer',
      title: `the results of an image have format ${format}, this version reads ${FORMAT}`,
      hint: 'Update DynaSeg Studio, or remove the evaluation',
    });
  }
  const width = reader.count();
  const height = reader.count();
  const ms = {
    decode: reader.float(),
    preprocess: reader.float(),
    inference: reader.float(),
    postprocess: reader.float(),
  };
  const macs = reader.float();
  const worst =
    reader.count() === 0
      ? null
      : {
          x: reader.count(),
          y: reader.count(),
          width: reader.count(),
          height: reader.count(),
          area: reader.count(),
        };
  const boundary = reader.count() === 0 ? null : countsBy(() => reader.counts());
  const calibration = reader.count() === 0 ? null : calibrationOf(reader);
  const divergence = reader.count() === 0 ? null : { sum: reader.float(), positions: reader.count() };
  return {
    version: 1,
    width,
    height,
    ms,
    macs: Number.isNaN(macs) ? null : macs,
    gates: gates && unpackGateBits(gates),
    truth: truthCells && boundary && { confusion: unpackCells(truthCells), boundary },
    calibration,
    reference: referenceCells && { confusion: unpackCells(referenceCells), divergence },
    worst,
  };
}

/** Throws ProblemError `evaluation.damaged`. */
export function unpackCells(bytes: Uint8Array): SparseCounts {
  return new PackedReader(bytes).counts();
}

/** The gate bits of a packed result, not copied. */
export function packedBits(bytes: Uint8Array): { readonly neurons: number; readonly bits: Uint8Array } {
  const reader = new PackedReader(bytes);
  return { neurons: reader.count(), bits: reader.rest() };
}

function packCells(cells: SparseCounts): Uint8Array {
  const writer = new PackedWriter();
  writer.counts(cells);
  return writer.bytes();
}

function packGateBits(gates: PackedGates): Uint8Array {
  const writer = new PackedWriter();
  writer.count(gates.neurons);
  for (const byte of unpackedGates(gates)) writer.byte(byte);
  return writer.bytes();
}

function unpackGateBits(bytes: Uint8Array): PackedGates {
  const { neurons, bits } = packedBits(bytes);
  return { neurons, bits: gateBitsText(bits) };
}

function calibrationOf(reader: PackedReader): CalibrationCounts {
  const lists = CALIBRATION.map((name) => [name, reader.counts()]);
  return Object.fromEntries(lists) as Record<(typeof CALIBRATION)[number], number[]>;
}

/** Counts as integers of variable length, seven bits a byte, the lowest first. */
class PackedWriter {
  private readonly written: number[] = [];

  byte(value: number): void {
    this.written.push(value);
  }

  count(value: number): void {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.written.push((rest % 128) + 128);
    this.written.push(rest);
  }

  counts(values: readonly number[]): void {
    this.count(values.length);
    for (const value of values) this.count(value);
  }

  float(value: number): void {
    this.written.push(...new Uint8Array(Float64Array.of(value).buffer));
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.written);
  }
}

class PackedReader {
  private at = 0;

  constructor(private readonly packed: Uint8Array) {}

  count(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.packed[this.at++];
      if (byte === undefined || factor > Number.MAX_SAFE_INTEGER) throw damaged(this.packed.length);
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  counts(): number[] {
    const length = this.count();
    if (length > this.packed.length) throw damaged(this.packed.length);
    const values: number[] = [];
    for (let n = 0; n < length; n++) values.push(this.count());
    return values;
  }

  float(): number {
    const end = this.at + FLOAT_BYTES;
    if (end > this.packed.length) throw damaged(this.packed.length);
    for (let n = 0; n < FLOAT_BYTES; n++) floatBytes[n] = this.packed[this.at + n]!;
    this.at = end;
    return floats[0]!;
  }

  rest(): Uint8Array {
    return this.packed.subarray(this.at);
  }
}

function damaged(length: number): ProblemError {
  return new ProblemError({
    code: 'evaluation.damaged',
    title: `the stored results of an image are damaged: ${length} bytes end in the middle of a number`,
    hint: 'Remove the evaluation and run it again',
  });
}
