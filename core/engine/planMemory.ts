/** Words of a step. */
const STEP = 32;

/** What a gate's run leaves for whoever asks which neurons it kept. */
export interface KeptList {
  readonly name: string;
  readonly at: number;
  readonly entries: number;
}

/** What is written before the first run. */
export interface PlanTable {
  readonly at: number;
  readonly values: Int32Array | Float32Array;
}

/**
 * The steps of a plan, and the memory that they read and write. What later steps may write over begins at `base`; what
 * is to last through the run, at `lasting`.
 */
export class PlanMemory {
  readonly tables: PlanTable[] = [];
  readonly lists: KeptList[] = [];
  private readonly words: number[] = [];
  private next: number;
  private highest: number;
  private lasting: number;
  private ownScratch = 0;

  constructor(
    private readonly base: number,
    lasting: number,
  ) {
    this.next = base;
    this.highest = base;
    this.lasting = lasting;
  }

  /** int32, STEP for each step. */
  get steps(): Int32Array {
    return Int32Array.from(this.words);
  }

  get stepCount(): number {
    return this.words.length / STEP;
  }

  /** Bytes of what is written over by later steps. */
  get passingBytes(): number {
    return this.highest - this.base;
  }

  /** Bytes from the base on. */
  get bytes(): number {
    return this.lasting - this.base;
  }

  /** Bytes that each thread needs to itself. */
  get scratch(): number {
    return this.ownScratch;
  }

  /** Adds a step: what assembly/program.ts calls it, in how many parts it is shared out, what it is told. */
  step(kind: number, partCount: number, parameters: readonly number[]): void {
    const words = [kind, partCount, 0, 0, ...parameters];
    while (words.length < STEP) words.push(0);
    this.words.push(...words);
  }

  floats(count: number): number {
    const at = this.next;
    this.next += blockBytes(count);
    this.highest = Math.max(this.highest, this.next);
    return at;
  }

  /** Does work whose memory is free again afterwards. */
  passing<T>(work: () => T): T {
    const before = this.next;
    const result = work();
    this.next = before;
    return result;
  }

  /** For what is written before the run, or read after it. */
  persistent(count: number): number {
    const at = this.lasting;
    this.lasting += blockBytes(count);
    return at;
  }

  /** Values that are there before the run. */
  table(values: Int32Array | Float32Array): number {
    const at = this.persistent(values.length);
    this.tables.push({ at, values });
    return at;
  }

  needScratch(bytes: number): void {
    this.ownScratch = Math.max(this.ownScratch, bytes);
  }
}

/** Of so many words, in whole lines of the cache. */
const blockBytes = (count: number): number => Math.ceil((count * 4) / 64) * 64;
