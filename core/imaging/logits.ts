/** What a model says of a picture, mostly at a quarter of its input size. */
export interface Logits {
  /** float32 [classes, height, width]. */
  readonly logits: Float32Array;
  /** 1 to 65535. */
  readonly classes: number;
  readonly height: number;
  readonly width: number;
}
