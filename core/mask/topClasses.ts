import { logitsAt, type Logits } from '../imaging/postprocess.ts';

/** Edge of the tiles in which answers are remembered, pixels. */
const TILE = 64;
const YES = 1;
const NO = 2;

/**
 * Whether a class is among the `top` best of a model's interpolated logits, pixel by pixel. Answers are
 * remembered, because a brush asks for the same pixels at every pointer event.
 */
export class TopClasses {
  private readonly answers = new Map<number, Uint8Array>();
  private readonly columns: number;

  constructor(
    private readonly logits: Logits,
    private readonly size: { readonly width: number; readonly height: number },
    /** Of the model. */
    private readonly classId: number,
    /** 1 and up. */
    private readonly top: number,
  ) {
    this.columns = Math.ceil(size.width / TILE);
  }

  /** For pixels of the picture. */
  has(x: number, y: number): boolean {
    const key = Math.floor(y / TILE) * this.columns + Math.floor(x / TILE);
    let tile = this.answers.get(key);
    if (!tile) {
      tile = new Uint8Array(TILE * TILE);
      this.answers.set(key, tile);
    }
    const place = (y % TILE) * TILE + (x % TILE);
    let answer = tile[place]!;
    if (answer === 0) {
      answer = this.compute(x, y) ? YES : NO;
      tile[place] = answer;
    }
    return answer === YES;
  }

  private compute(x: number, y: number): boolean {
    const values = logitsAt(this.logits, x, y, this.size.width, this.size.height);
    const own = values[this.classId];
    if (own === undefined) return false;
    let better = 0;
    for (const value of values) if (value > own) better++;
    return better < this.top;
  }
}
