import { buildValue } from '../onnx/buildModel.ts';
import { dataTypes } from '../onnx/dataType.ts';
import { foldHead } from '../onnx/segformer/foldHead.ts';
import type { Block, SegformerGraph } from '../onnx/segformer/segformerGraph.ts';
import { PartWriter, type BlockOutputs } from './partWriter.ts';

/*
 * A SegFormer cut into parts that run one after the other, for one image: tokens [N, C] and their grid [h, w] (int64)
 * go from part to part. So a layer can be changed and the rest of the model run again from there, and a block can
 * hand out what pruning must know of it without its activations ever leaving onnxruntime.
 *
 * Gates are computed with masks here: what is not kept is zero, and nothing is gathered. The values are those of the
 * gathered form (core/onnx/segformer), the time is not.
 */

/** `pixels` [1, 3, H, W] to `tokens` and `grid` of the first stage. */
export function entryGraph(graph: SegformerGraph): Uint8Array<ArrayBuffer> {
  const part = new PartWriter();
  part.embed('pixels', graph.stages[0]!);
  return part.encode([buildValue('pixels', [1, 3, 'height', 'width'])]);
}

/** The end of stage `s`: `tokens`, `grid` to `features` [N, C] for the head and, but for the last, the next stage's `nextTokens`, `nextGrid`. */
export function transitionGraph(graph: SegformerGraph, s: number): Uint8Array<ArrayBuffer> {
  const part = new PartWriter();
  const { norm } = graph.stages[s]!;
  part.norm('tokens', norm, 'features');
  part.output('features');
  const next = graph.stages[s + 1];
  if (next) {
    part.map('features', norm.scale.length, 'map');
    part.embed('map', next, 'nextTokens', 'nextGrid');
  }
  return part.encode(TOKENS);
}

/** `features.0`, `grid.0`, ... to `logits` [classes, tokens of the first stage], the head folded. */
export function headGraph(graph: SegformerGraph): Uint8Array<ArrayBuffer> {
  const part = new PartWriter();
  const head = foldHead(graph.head);
  const width = head.bias.length;
  let sum = '';
  head.stages.forEach((weight, s) => {
    const rows = part.node('Gemm', [part.matrix(`head.${s}`, weight.dims, weight.data), `features.${s}`], {
      transB: 1,
    });
    const shape = part.node('Concat', [part.ints(1, width), `grid.${s}`], { axis: 0 });
    let map = part.node('Reshape', [rows, shape]);
    if (s > 0) {
      const size = part.node('Concat', [part.ints(1, width), 'grid.0'], { axis: 0 });
      map = part.node('Resize', [map, '', '', size], {
        mode: 'linear',
        coordinate_transformation_mode: 'half_pixel',
      });
      map = part.node('Add', [sum, map]);
    }
    sum = map;
  });
  const bias = part.matrix('head.bias', [1, width, 1, 1], head.bias);
  const hidden = part.node('Relu', [part.node('Add', [sum, bias])]);
  const columns = part.node('Reshape', [hidden, part.ints(width, -1)]);
  const { weight, bias: offset } = head.classifier;
  const classes = part.node('MatMul', [
    part.matrix('classifier', weight.dims.slice(0, 2), weight.data),
    columns,
  ]);
  if (offset) part.node('Add', [classes, part.matrix('offset', [offset.length, 1], offset)], {}, 'logits');
  else part.node('Identity', [classes], {}, 'logits');
  part.output('logits');
  return part.encode(
    head.stages.flatMap((_, s) => [
      buildValue(`features.${s}`, [`tokens_${s}`, head.stages[s]!.dims[1]!]),
      buildValue(`grid.${s}`, [2], dataTypes.INT64),
    ]),
  );
}

/** One block: `tokens`, `grid` to `nextTokens`, and what `outputs` asks for. Gates choose, scale or not is not theirs. */
export function blockGraph(block: Block, outputs: BlockOutputs = {}): Uint8Array<ArrayBuffer> {
  const part = new PartWriter();
  const normed = part.norm('tokens', block.norm1, 'normed1');
  const attended = part.attention(normed, block.attention, outputs);
  const middle = part.node('Add', ['tokens', attended], {}, 'middle');
  const again = part.norm(middle, block.norm2, 'normed2');
  part.node('Add', [middle, part.ffn(again, block.ffn, outputs)], {}, 'nextTokens');
  part.output('nextTokens');
  return part.encode(TOKENS);
}

const TOKENS = [buildValue('tokens', ['tokens', 'channels']), buildValue('grid', [2], dataTypes.INT64)];
