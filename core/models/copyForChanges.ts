import { clone } from '@bufbuild/protobuf';
import type { OnnxModel } from '../onnx/onnxModel.ts';
import { AttributeProtoSchema, ValueInfoProtoSchema } from '../onnx/proto/onnx.generated.ts';
import type { NodeProto } from '../onnx/proto/onnx.generated.ts';

/**
 * A copy whose names and ends can be changed, and whose nodes can be put in other places; the bytes of weights and the
 * nodes' attributes, but for branches, are shared, because they are many.
 */
export function copyForChanges(model: OnnxModel): OnnxModel {
  const proto = shallow(model.proto);
  if (model.proto.graph) {
    const graph = shallow(model.proto.graph);
    graph.node = graph.node.map(copyNode);
    graph.initializer = graph.initializer.map(shallow);
    for (const list of ['input', 'output', 'valueInfo'] as const) {
      graph[list] = graph[list].map((info) => clone(ValueInfoProtoSchema, info));
    }
    proto.graph = graph;
  }
  return { ...model, proto };
}

function copyNode(node: NodeProto): NodeProto {
  const copy = shallow(node);
  copy.input = [...node.input];
  copy.output = [...node.output];
  // Branches read tensors of the graph around them, by their names.
  copy.attribute = node.attribute.map((attribute) =>
    attribute.g || attribute.graphs.length > 0 ? clone(AttributeProtoSchema, attribute) : attribute,
  );
  return copy;
}

/** Keeps the prototype: that is where a message has its defaults. */
function shallow<T extends object>(message: T): T {
  return Object.assign(Object.create(Object.getPrototypeOf(message) as object) as T, message);
}
