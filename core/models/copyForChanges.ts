import { clone } from '@bufbuild/protobuf';
import type { OnnxModel } from '../onnx/onnxModel.ts';
import { NodeProtoSchema, ValueInfoProtoSchema } from '../onnx/proto/onnx.generated.ts';

/** A copy whose nodes, names and ends can be changed; the bytes of weights are shared, because they are many. */
export function copyForChanges(model: OnnxModel): OnnxModel {
  const proto = shallow(model.proto);
  if (model.proto.graph) {
    const graph = shallow(model.proto.graph);
    graph.node = graph.node.map((node) => clone(NodeProtoSchema, node));
    graph.initializer = graph.initializer.map(shallow);
    for (const list of ['input', 'output', 'valueInfo'] as const) {
      graph[list] = graph[list].map((info) => clone(ValueInfoProtoSchema, info));
    }
    proto.graph = graph;
  }
  return { ...model, proto };
}

/** Keeps the prototype: that is where a message has its defaults. */
function shallow<T extends object>(message: T): T {
  return Object.assign(Object.create(Object.getPrototypeOf(message) as object) as T, message);
}
