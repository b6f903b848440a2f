import { setTimeout as sleep } from 'node:timers/promises';
import { resultKey } from '#core/evaluation/evaluationPlan.ts';
import { GateDistances } from '#core/evaluation/gateDistances.ts';
import { packedBits } from '#core/evaluation/packedResult.ts';
import type { FolderRows } from './evaluationTable.ts';
import { nextTurn } from './nextTurn.ts';
import { readPieces, type MeasuredRun } from './readPieces.ts';

/** Of so many images distances are found in a moment, and whoever asks for them gets the newest. */
const FOUND_AT_ONCE = 2000;
/** Of more images they are found again when this many times the time that it takes has passed. */
const REST = 10;
/** Between two pages of what nobody waits for. */
const PAUSE_MS = 8;

interface Found {
  /** The state of the index that they are of. */
  readonly changes: number;
  readonly at: number;
  /** Milliseconds that finding them took; 0 where they were stored. */
  readonly took: number;
}

/**
 * How unusual the gates of a run's images are, a column of its index. That depends on all images, and through 100,000
 * it takes seconds: so it is found before somebody asks, stored, and while results come in what was found is shown.
 */
export class EvaluationGates {
  private readonly folder: FolderRows;
  /** In the order of the plan. */
  private readonly keyIds: readonly number[];
  private found: Found | null = null;
  private finding: Promise<void> | null = null;
  /** How many ask: while nobody does, distances are found in pauses. */
  private waiting = 0;

  constructor(
    private readonly run: MeasuredRun,
    /** Whether what is found may be stored. */
    private readonly writable: boolean,
  ) {
    const { table, plan, index } = run;
    this.folder = { length: index.length, digest: index.digest() };
    this.keyIds = plan.contestants.map((_, contestant) => table.keyId(resultKey(plan, contestant)));
    this.load();
  }

  /** Grows when distances were found anew. */
  get version(): number {
    return this.found?.at ?? 0;
  }

  /** Fills the column. Of a large folder, what was found last is left while newer figures are made in the background. */
  async fill(): Promise<void> {
    if (this.isCurrent) return;
    if (this.found && this.run.index.length > FOUND_AT_ONCE) {
      this.fillSoon();
      return;
    }
    this.waiting++;
    try {
      await this.findOnce();
    } finally {
      this.waiting--;
    }
  }

  /** The same before anybody asks, in the pauses of what is asked. */
  fillSoon(): void {
    if (this.isCurrent || (this.found && performance.now() - this.found.at < this.found.took * REST)) return;
    // The project may be closed meanwhile.
    this.findOnce().catch(() => undefined);
  }

  private get isCurrent(): boolean {
    return this.found?.changes === this.run.index.changes;
  }

  private load(): void {
    const { table, index } = this.run;
    const stored = this.keyIds.map((keyId) => table.gateDistances(keyId, this.folder));
    if (stored.some((distances) => distances === null)) return;
    stored.forEach((distances, contestant) => index.column(contestant, 'gateDistance')?.set(distances!));
    this.found = { changes: index.changes, at: performance.now(), took: 0 };
  }

  private findOnce(): Promise<void> {
    this.finding ??= this.find().finally(() => (this.finding = null));
    return this.finding;
  }

  private async find(): Promise<void> {
    const { table, plan, index } = this.run;
    const { changes } = index;
    const from = performance.now();
    for (const contestant of plan.contestants.keys()) await this.findOf(contestant);
    const at = performance.now();
    this.found = { changes, at, took: at - from };
    if (!this.writable || !this.isCurrent) return;
    table.putGateDistances(
      this.keyIds.map((keyId, contestant) => ({
        keyId,
        distances: index.column(contestant, 'gateDistance')!,
      })),
      this.folder,
    );
  }

  private async findOf(contestant: number): Promise<void> {
    const column = this.run.index.column(contestant, 'gateDistance');
    const distances = await this.countOf(contestant);
    if (!column || !distances) return;
    await this.eachGates(contestant, (row, { neurons, bits }) => {
      if (distances.neurons === neurons) column[row] = distances.of(bits);
    });
  }

  /** null: it has no gates. */
  private async countOf(contestant: number): Promise<GateDistances | null> {
    let distances: GateDistances | null = null;
    await this.eachGates(contestant, (_row, { neurons, bits }) => {
      distances ??= new GateDistances(neurons);
      if (distances.neurons === neurons) distances.add(bits);
    });
    return distances;
  }

  private eachGates(
    contestant: number,
    take: (row: number, gates: ReturnType<typeof packedBits>) => void,
  ): Promise<void> {
    return readPieces(
      this.run,
      { contestant, piece: 'gates' },
      (row, bytes) => take(row, packedBits(bytes)),
      () => (this.waiting > 0 ? nextTurn() : sleep(PAUSE_MS)),
    );
  }
}
