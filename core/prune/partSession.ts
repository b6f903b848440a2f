/** A tensor as it goes in and out of a session: row-major, int64 as BigInt64Array. */
export interface PartTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

export type PartTensors = Readonly<Record<string, PartTensor>>;

/** An ONNX model that can be run: onnxruntime in the command line and in the window's worker. */
export interface PartSession {
  run(feeds: PartTensors): Promise<PartTensors>;
  release(): Promise<void>;
}

/** What onnxruntime's sessions and tensors have in common, whichever of its builds they are of. */
interface RuntimeSession<T> {
  run(feeds: Readonly<Record<string, T>>): Promise<Readonly<Record<string, RuntimeTensor>>>;
  release(): Promise<void>;
}

interface RuntimeTensor {
  readonly data: unknown;
  readonly dims: readonly number[];
}

/** A session of onnxruntime as one of a part. `tensor` makes what it takes; outputs of other types are left out. */
export function partSessionOf<T>(session: RuntimeSession<T>, tensor: (part: PartTensor) => T): PartSession {
  return {
    async run(feeds) {
      const inputs = Object.entries(feeds).map(([name, part]) => [name, tensor(part)] as const);
      const outputs = await session.run(Object.fromEntries(inputs));
      const found: Record<string, PartTensor> = {};
      for (const [name, { data, dims }] of Object.entries(outputs)) {
        if (data instanceof Float32Array || data instanceof BigInt64Array) found[name] = { data, dims };
      }
      return found;
    },
    release: () => session.release(),
  };
}

/** Makes a session of an ONNX file. */
export type OpenSession = (onnx: Uint8Array<ArrayBuffer>) => Promise<PartSession>;

/** A float32 output by name. Throws Error where the session gave none: a fault of the program, not of a model. */
export function floatsOf(tensors: PartTensors, name: string): Float32Array {
  const data = tensors[name]?.data;
  if (data instanceof Float32Array) return data;
  throw new Error(`the session gave no float32 ${name}`);
}

export function tensorOf(tensors: PartTensors, name: string): PartTensor {
  const tensor = tensors[name];
  if (!tensor) throw new Error(`the session gave no ${name}`);
  return tensor;
}
