import { readFileSync } from 'node:fs';
import { countMacs } from '../core/onnx/countMacs.ts';
import { readOnnx } from '../core/onnx/readOnnx.ts';
import { writeOnnx } from '../core/onnx/writeOnnx.ts';

/**
 * `tsx conformance/countOnnx.ts FILE HxW [HxW ...]`: what the studio counts in a file at each size, as one JSON list
 * on stdout, of the file as it is and as it is after being written again.
 */
const [file = '', ...sizes] = process.argv.slice(2);
const model = readOnnx(new Uint8Array(readFileSync(file)), file);
const rewritten = readOnnx(writeOnnx(model), file);
const counts = sizes.map((size) => {
  const [height = 0, width = 0] = size.split('x').map(Number);
  const { macs, params, uncounted } = countMacs(model, { height, width });
  return { macs, params, uncounted, rewritten: countMacs(rewritten, { height, width }).macs };
});
process.stdout.write(JSON.stringify(counts));
