import type { EvaluationRun } from '#core/evaluation/evaluationRun.ts';
import { toProblem, type Problem } from '#core/problem.ts';

/** The rate is that of the last half minute. */
const RATE_WINDOW_MS = 30_000;
const TELL_EVERY_MS = 250;
const TOLD_PROBLEMS = 100;

/** Which images of a run wait, which are being measured, and how fast it goes. */
export class RunProgress {
  private waiting: number[] = [];
  private readonly taken = new Set<number>();
  private readonly problems = new Map<number, Problem>();
  private finished: number[] = [];
  private told = 0;
  private scanned = false;

  constructor(
    private readonly total: number,
    /** Images that have figures already. */
    private readonly known: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** Nothing waits and nothing is being measured. */
  get idle(): boolean {
    return this.waiting.length === 0 && this.taken.size === 0;
  }

  /** These are to be measured, in this order. */
  restart(imageIds: readonly number[]): void {
    this.waiting = [...imageIds];
    this.taken.clear();
    this.problems.clear();
    this.finished = [];
    this.scanned = true;
  }

  /** More that are to be measured, first; false where all of them wait or are being measured already. */
  add(imageIds: readonly number[]): boolean {
    if (imageIds.length === 0) return false;
    const waiting = new Set(this.waiting);
    const fresh = imageIds.filter((id) => !waiting.has(id) && !this.taken.has(id) && !this.problems.has(id));
    this.waiting.unshift(...fresh);
    this.scanned ||= fresh.length > 0;
    return fresh.length > 0;
  }

  /** The next image to be measured, or null. */
  take(): number | null {
    const imageId = this.waiting.shift();
    if (imageId === undefined) return null;
    this.taken.add(imageId);
    return imageId;
  }

  done(imageId: number): void {
    this.taken.delete(imageId);
    this.finished.push(this.now());
  }

  /** It changed while it was measured. */
  again(imageId: number): void {
    this.taken.delete(imageId);
    this.waiting.unshift(imageId);
  }

  failed(imageId: number, error: unknown, name: string): void {
    this.taken.delete(imageId);
    this.problems.set(imageId, toProblem(error, { code: 'evaluation.failed', subject: name }));
  }

  /** Not more often than a window can show it. */
  mayTell(): boolean {
    const now = this.now();
    if (now - this.told < TELL_EVERY_MS) return false;
    this.told = now;
    return true;
  }

  describe(running: boolean): Pick<EvaluationRun, 'progress' | 'problems'> {
    const left = this.waiting.length + this.taken.size;
    const failed = this.problems.size;
    const done = this.scanned ? this.total - left - failed : this.known;
    const perSecond = running ? this.rate() : null;
    return {
      progress: {
        done,
        total: this.total,
        failed,
        perSecond,
        secondsLeft: perSecond === null || perSecond === 0 ? null : left / perSecond,
      },
      problems: [...this.problems.values()].slice(0, TOLD_PROBLEMS),
    };
  }

  /** null before two images are done. */
  private rate(): number | null {
    const now = this.now();
    this.finished = this.finished.filter((time) => now - time <= RATE_WINDOW_MS);
    const [first] = this.finished;
    if (first === undefined || this.finished.length < 2 || now === first) return null;
    return ((this.finished.length - 1) / (now - first)) * 1000;
  }
}
