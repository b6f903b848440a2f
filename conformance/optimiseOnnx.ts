import { readFileSync, writeFileSync } from 'node:fs';
import { countMacs } from '../core/onnx/countMacs.ts';
import { readOnnx } from '../core/onnx/readOnnx.ts';
import { emitSegformer } from '../core/onnx/segformer/emitSegformer.ts';
import { recogniseSegformer } from '../core/onnx/segformer/recogniseSegformer.ts';
import { writeOnnx } from '../core/onnx/writeOnnx.ts';

/**
 * `tsx conformance/optimiseOnnx.ts FILE HxW OUT`: what the studio recognises in a file, and the forms that it makes of
 * it, as OUT.wasm.onnx and OUT.webgpu.onnx. One JSON object on stdout.
 */
const [file = '', size = '', out = ''] = process.argv.slice(2);
const [height = 0, width = 0] = size.split('x').map(Number);
const model = readOnnx(new Uint8Array(readFileSync(file)), file);
const recognition = recogniseSegformer(model);
if (recognition.recognised) {
  const { graph } = recognition;
  const macs = (['wasm', 'webgpu'] as const).map((backend) => {
    const bytes = writeOnnx(emitSegformer(graph, { backend }));
    writeFileSync(`${out}.${backend}.onnx`, bytes);
    const counted = countMacs(readOnnx(bytes, backend), { height, width });
    return { macs: counted.macs, uncounted: counted.uncounted };
  });
  process.stdout.write(
    JSON.stringify({
      widths: graph.stages.map((stage) => stage.embedding.conv.weight.dims[0]),
      depths: graph.stages.map((stage) => stage.blocks.length),
      heads: graph.stages.map((stage) => stage.blocks[0]?.attention.heads),
      reductions: graph.stages.map((stage) => stage.blocks[0]?.attention.reduction?.conv.stride ?? 1),
      classes: graph.head.classifier.weight.dims[0],
      head: graph.head.kind,
      original: countMacs(model, { height, width }).macs,
      forms: macs,
    }),
  );
} else {
  process.stdout.write(JSON.stringify(recognition));
}
