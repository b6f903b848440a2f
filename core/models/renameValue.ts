import type { GraphProto } from '../onnx/proto/onnx.generated.ts';

/** Gives a tensor of a graph another name, in place, wherever it is made, read or described; in branches too. */
export function renameValue(graph: GraphProto, from: string, to: string): void {
  for (const info of [...graph.input, ...graph.output, ...graph.valueInfo]) {
    if (info.name === from) info.name = to;
  }
  for (const tensor of graph.initializer) if (tensor.name === from) tensor.name = to;
  for (const node of graph.node) {
    replaceIn(node.input, from, to);
    replaceIn(node.output, from, to);
    for (const attribute of node.attribute) {
      if (attribute.g) renameValue(attribute.g, from, to);
      for (const inner of attribute.graphs) renameValue(inner, from, to);
    }
  }
}

function replaceIn(names: string[], from: string, to: string): void {
  for (const [index, name] of names.entries()) if (name === from) names[index] = to;
}

/** Every name that a graph uses for a tensor, branches included. */
export function valueNames(graph: GraphProto, found = new Set<string>()): Set<string> {
  for (const { name } of [...graph.input, ...graph.output, ...graph.initializer]) found.add(name);
  for (const node of graph.node) {
    for (const name of [...node.input, ...node.output]) found.add(name);
    for (const attribute of node.attribute) {
      if (attribute.g) valueNames(attribute.g, found);
      for (const inner of attribute.graphs) valueNames(inner, found);
    }
  }
  return found;
}
