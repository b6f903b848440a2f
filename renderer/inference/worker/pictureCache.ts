import { preparationKey, prepareInput, type PreparedInput } from '#core/inference/prepareInput.ts';
import type { InputSizing } from '#core/inference/runSettings.ts';
import type { RgbaImage } from '#core/imaging/rgbaImage.ts';
import type { PreprocessorConfig } from '#core/models/modelInfo.ts';
import type { JobImage } from '../protocol.ts';

interface Entry {
  /** null for a large picture whose input is made: the window holds it too, and 67 megapixels are 268 MB. */
  image: RgbaImage | null;
  /** Of the decoded picture. */
  readonly bytes: number;
  readonly prepared: Map<string, PreparedInput>;
}

/** Bytes of decoded pixels that are kept: going back and forth decodes once. */
const BUDGET = 48 * 1024 * 1024;

/** The pictures that were decoded last, and what they became for models that want the same of them. */
export class PictureCache {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly decode: (file: Blob, name: string) => Promise<RgbaImage>,
    private readonly now: () => number,
  ) {}

  /** The input of a model, made once per picture, preprocessor and sizing. `decode`: milliseconds, 0 if not needed. */
  async input(
    { sha256, file, name }: JobImage,
    preprocessor: PreprocessorConfig,
    sizing: InputSizing,
  ): Promise<{ input: PreparedInput; decode: number }> {
    const key = preparationKey(preprocessor, sizing);
    const known = this.entries.get(sha256);
    const ready = known?.prepared.get(key);
    this.entries.delete(sha256);
    if (known && ready) {
      this.entries.set(sha256, known);
      return { input: ready, decode: 0 };
    }
    const start = this.now();
    if (!known) this.makeRoom();
    const image = known?.image ?? (await this.decode(file, name));
    const decode = known?.image ? 0 : this.now() - start;
    const entry: Entry = known ?? { image, bytes: image.data.byteLength, prepared: new Map() };
    this.entries.set(sha256, entry);
    const input = prepareInput(image, { preprocessor, sizing, now: this.now });
    entry.prepared.set(key, input);
    if (entry.bytes > BUDGET) entry.image = null;
    return { input, decode };
  }

  /** Before the next one is decoded: of those before, the newest stay that fit the budget. */
  private makeRoom(): void {
    let bytes = 0;
    for (const [key, entry] of [...this.entries].reverse()) {
      bytes += entry.bytes;
      if (bytes > BUDGET) this.entries.delete(key);
    }
  }
}
