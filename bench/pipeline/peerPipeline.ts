/** The part of transformers.js that is used, by its documentation; both of its builds have it. */
export interface Transformers {
  readonly env: {
    allowRemoteModels: boolean;
    allowLocalModels: boolean;
    localModelPath: string;
    useBrowserCache: boolean;
    useFSCache: boolean;
    readonly backends: { readonly onnx: { readonly wasm?: { numThreads?: number; wasmPaths?: unknown } } };
  };
  readonly AutoModelForSemanticSegmentation: FromPretrained<
    (inputs: object) => Promise<{ logits: PeerTensor }>
  >;
  readonly AutoImageProcessor: FromPretrained<PeerProcessor>;
  readonly RawImage: { fromBlob(blob: Blob): Promise<PeerImage>; read(path: string): Promise<PeerImage> };
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: number[]) => PeerTensor;
}

interface FromPretrained<T> {
  from_pretrained(model: string, options?: object): Promise<T>;
}

interface PeerTensor {
  readonly data: Int32Array | Float32Array;
}

interface PeerImage {
  readonly width: number;
  readonly height: number;
}

interface PeerProcessor {
  (image: PeerImage): Promise<object>;
  readonly image_processor?: PostProcessor;
  readonly post_process_semantic_segmentation?: PostProcessor['post_process_semantic_segmentation'];
}

interface PostProcessor {
  post_process_semantic_segmentation(
    outputs: { logits: PeerTensor },
    sizes: [number, number][],
  ): { segmentation: PeerTensor }[];
}

export interface PeerOptions {
  readonly model: string;
  /** Where the model folders are. */
  readonly models: string;
  readonly device: 'wasm' | 'cpu';
  /** Where its WebAssembly is; only for `wasm`. */
  readonly runtime?: string;
  readonly threads?: number;
}

export interface Peer {
  /** Class ids of a picture, at its size. */
  segmentBlob(file: Blob): Promise<Int32Array>;
  segmentFile(path: string): Promise<Int32Array>;
  /** What it says of an input that was made elsewhere: model and postprocessing alone. */
  segmentValues(values: Float32Array, input: [number, number], output: [number, number]): Promise<Int32Array>;
}

/** transformers.js as its documentation has it, at its fastest: float32, threads, sessions kept. */
export async function createPeer(library: Transformers, options: PeerOptions): Promise<Peer> {
  const { env, AutoModelForSemanticSegmentation, AutoImageProcessor, RawImage, Tensor } = library;
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.localModelPath = options.models;
  env.useBrowserCache = false;
  env.useFSCache = false;
  const { wasm } = env.backends.onnx;
  if (wasm && options.runtime !== undefined) {
    wasm.numThreads = options.threads ?? 2;
    wasm.wasmPaths = options.runtime;
  }
  const model = await AutoModelForSemanticSegmentation.from_pretrained(options.model, {
    dtype: 'fp32',
    device: options.device,
  });
  const processor = await AutoImageProcessor.from_pretrained(options.model);
  const post = (outputs: { logits: PeerTensor }, size: [number, number]): Int32Array => {
    const host = processor.post_process_semantic_segmentation
      ? (processor as unknown as PostProcessor)
      : processor.image_processor;
    const [first] = host?.post_process_semantic_segmentation(outputs, [size]) ?? [];
    if (!first) throw new Error('transformers.js gave no mask');
    return Int32Array.from(first.segmentation.data);
  };
  const segment = async (image: PeerImage): Promise<Int32Array> =>
    post(await model(await processor(image)), [image.height, image.width]);
  return {
    segmentBlob: async (file) => segment(await RawImage.fromBlob(file)),
    segmentFile: async (path) => segment(await RawImage.read(path)),
    segmentValues: async (values, [height, width], size) =>
      post(await model({ pixel_values: new Tensor('float32', values, [1, 3, height, width]) }), size),
  };
}
