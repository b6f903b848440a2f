import type { AttributeProto, GraphProto, NodeProto, TensorProto } from './proto/onnx.generated.ts';

/** A node's attributes by name, inside a function with the caller's values in place. */
export class Attributes {
  readonly #byName = new Map<string, AttributeProto>();

  /**
   * @param caller attributes of the call of the function that the node stands in
   * @param defaults what the function says of attributes that the caller leaves out
   */
  constructor(node: NodeProto, caller?: Attributes, defaults: readonly AttributeProto[] = []) {
    for (const attribute of node.attribute) {
      if (attribute.refAttrName === '') {
        this.#byName.set(attribute.name, attribute);
        continue;
      }
      const given =
        caller?.get(attribute.refAttrName) ??
        defaults.find((candidate) => candidate.name === attribute.refAttrName);
      if (given) this.#byName.set(attribute.name, given);
    }
  }

  get(name: string): AttributeProto | undefined {
    return this.#byName.get(name);
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  int(name: string): number | undefined;
  int(name: string, fallback: number): number;
  int(name: string, fallback?: number): number | undefined {
    const attribute = this.#byName.get(name);
    return attribute ? Number(attribute.i) : fallback;
  }

  ints(name: string): number[] | undefined {
    return this.#byName.get(name)?.ints.map(Number);
  }

  float(name: string): number | undefined {
    return this.#byName.get(name)?.f;
  }

  floats(name: string): readonly number[] | undefined {
    return this.#byName.get(name)?.floats;
  }

  /** ASCII, as all strings are that shapes depend on; the first 256 characters. */
  string(name: string, fallback: string): string {
    const attribute = this.#byName.get(name);
    return attribute ? String.fromCharCode(...attribute.s.subarray(0, 256)) : fallback;
  }

  tensor(name: string): TensorProto | undefined {
    return this.#byName.get(name)?.t;
  }

  graph(name: string): GraphProto | undefined {
    return this.#byName.get(name)?.g;
  }
}
