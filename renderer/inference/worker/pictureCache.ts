import { preparationKey, prepareInput, type PreparedInput } from '#core/inference/prepareInput.ts';
import type { InputSizing } from '#core/inference/runSettings.ts';
import type { RgbaImage } from '#core/imaging/rgbaImage.ts';
import type { PreprocessorConfig } from '#core/models/modelInfo.ts';
import type { JobImage } from '../protocol.ts';

interface Entry {
  readonly image: RgbaImage;
  readonly prepared: Map<string, PreparedInput>;
}

/** Bytes of decoded pixels that are kept beside the newest picture's: going back and forth decodes once. */
const BUDGET = 48 * 1024 * 1024;

/** The pictures that were decoded last, and what they became for models that want the same of them. */
export class PictureCache {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly decode: (file: Blob, name: string) => Promise<RgbaImage>,
    private readonly now: () => number,
  ) {}

  /** The input of a model, made once per picture, preprocessor and sizing. `decode`: milliseconds, 0 if kept. */
  async input(
    { sha256, file, name }: JobImage,
    preprocessor: PreprocessorConfig,
    sizing: InputSizing,
  ): Promise<{ input: PreparedInput; decode: number }> {
    const start = this.now();
    let entry = this.entries.get(sha256);
    const decode = entry ? 0 : 1;
    if (!entry) {
      this.makeRoom();
      entry = { image: await this.decode(file, name), prepared: new Map() };
    }
    this.entries.delete(sha256);
    this.entries.set(sha256, entry);
    const decoded = this.now() - start;
    const key = preparationKey(preprocessor, sizing);
    let input = entry.prepared.get(key);
    if (!input) {
      input = prepareInput(entry.image, { preprocessor, sizing, now: this.now });
      entry.prepared.set(key, input);
    }
    return { input, decode: decode * decoded };
  }

  /** Before the next one is decoded: of those before, the newest stay that fit the budget. */
  private makeRoom(): void {
    let bytes = 0;
    for (const [key, { image }] of [...this.entries].reverse()) {
      bytes += image.data.byteLength;
      if (bytes > BUDGET) this.entries.delete(key);
    }
  }
}
