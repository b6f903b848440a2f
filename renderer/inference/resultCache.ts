import type { ModelRun } from '../store/useResults.ts';

/** Bytes of class maps and logits; the result that was asked for longest ago goes first. */
const BUDGET = 256 * 1024 * 1024;

/** Results by what decides on them: the image's content, the model's, the settings. */
export class ResultCache {
  private readonly runs = new Map<string, ModelRun>();
  private bytes = 0;

  constructor(private readonly budget = BUDGET) {}

  get(key: string): ModelRun | null {
    const run = this.runs.get(key);
    if (!run) return null;
    this.runs.delete(key);
    this.runs.set(key, run);
    return run;
  }

  put(key: string, run: ModelRun): void {
    this.remove(key);
    this.runs.set(key, run);
    this.bytes += sizeOf(run);
    for (const oldest of this.runs.keys()) {
      if (this.bytes <= this.budget || oldest === key) break;
      this.remove(oldest);
    }
  }

  private remove(key: string): void {
    const run = this.runs.get(key);
    if (!run) return;
    this.runs.delete(key);
    this.bytes -= sizeOf(run);
  }
}

const sizeOf = ({ classMap, logits }: ModelRun): number => classMap.ids.byteLength + logits.logits.byteLength;
