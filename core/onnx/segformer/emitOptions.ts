/** Where the graph will run: what is fastest, and what is right, differs. */
export type EmitBackend = 'wasm' | 'webgpu';

/**
 * The exact rewrites, each with a switch: the function stays the same, up to rounding. All off is the graph as
 * transformers writes it down.
 */
export interface Rewrites {
  /** One matrix per stage in the head, with the BatchNorm in it, and upsampled sums in place of a concatenation. */
  readonly foldHead: boolean;
  /** The head's maps as [1, h, w, D] while they are resized and added. Wrong on WebGPU, whose NHWC Resize is. */
  readonly headNhwc: boolean;
  /** LayerNormalization as one operator in place of nine. */
  readonly layerNormOp: boolean;
  /**
   * What blocks add to the tokens has no mean over channels, so that norms inside a stage need not take it away: a
   * root mean square does, which onnxruntime's CPU kernels compute three times faster, and the norms' biases are part
   * of what reads them. Needs `gemm`. An operator of onnxruntime alone, so not for files to keep.
   */
  readonly rmsNorm: boolean;
  /** GELU as one operator in place of five. */
  readonly geluOp: boolean;
  /** Tokens as [N, C] and every linear layer one Gemm with its bias. Off: [1, N, C], MatMul and Add. */
  readonly gemm: boolean;
  /** The Mix-FFN's middle transposed, Gemm(W, X^T) and Gemm(transA): no Transpose. Needs `gemm`. */
  readonly transposedFfn: boolean;
  /** Reduction convolution as patches of rows and one Gemm. */
  readonly patchReduction: boolean;
  /** Wq^T Wk and Wo Wv as one matrix each where there is one head and it costs no more. Not in gated blocks. */
  readonly mergeProjections: boolean;
  /** The scale of the scores, and gate values, on weights or small tensors in place of the scores. */
  readonly foldScale: boolean;
  /** A gate's first layer multiplied with the gated layer's weights once and for all. */
  readonly mergeGateLayer: boolean;
  /**
   * Weights that are marked for it are multiplied in 8-bit integers, and what they are multiplied with is rounded to 8
   * bits for each image. Exact for models without such weights. Wrong on WebGPU.
   */
  readonly int8Products: boolean;
}

export interface EmitOptions {
  readonly backend: EmitBackend;
  /** Those left out are as rewritesFor(backend) says. */
  readonly rewrites?: Partial<Rewrites>;
  /**
   * How weights are stored; computed in float32 either way. `float16` rounds weights where they are not float16
   * already; `int8` is float16 too, but weights that are marked for products in integers are stored as such, with
   * their scales. Default float32.
   */
  readonly storage?: 'float32' | 'float16' | 'int8';
  /** `false`: every neuron is computed and gate values still scale. Default true. */
  readonly gates?: boolean;
  /** Graph outputs with the kept neurons of each gate, by its name. Default true. */
  readonly exposeGates?: boolean;
  /** Graph outputs `stage.0` ... float32 [1, C, h, w]: what each stage gives to the head. Default false. */
  readonly exposeStages?: boolean;
}
