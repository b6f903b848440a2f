import { emitLinear, emitShape, gridOf } from './emitContext.ts';
import type { EmitContext, Tokens } from './emitContext.ts';
import { foldHead } from './foldHead.ts';
import type { FoldedHead, Linear, MlpHead, Weight } from './segformerGraph.ts';

const bilinear = { mode: 'linear', coordinate_transformation_mode: 'half_pixel' };

/** Emits the head over the stages' tokens; the logits are float32 [1, classes, h, w] of the first stage. */
export function emitHead(
  context: EmitContext,
  stages: readonly Tokens[],
  head: MlpHead | FoldedHead,
  output: string,
): void {
  if (head.kind === 'mlp' && !context.rewrites.foldHead) {
    emitMlp(context, stages, head, output);
    return;
  }
  const folded = foldHead(head);
  if (context.rewrites.headNhwc && context.rewrites.gemm) emitFoldedNhwc(context, stages, folded, output);
  else emitFoldedNchw(context, stages, folded, output);
}

/** As transformers writes it: project, upsample, join, fuse, normalise. */
function emitMlp(context: EmitContext, stages: readonly Tokens[], head: MlpHead, output: string): void {
  const { writer } = context;
  const first = stages[0]!;
  const width = head.projections[0]?.weight.dims[0] ?? 0;
  const size = emitShape(context, [writer.ints(1, width), first.grid], 'head.size');
  const maps = stages.map((tokens, s) => {
    const projected = emitLinear(context, tokens.name, `head.${s}`, head.projections[s]!);
    const map = asMap(context, projected, width, tokens.grid, `head.${s}`);
    return s === 0 ? map : writer.node('Resize', [map, '', '', size], `head.${s}.up`, bilinear);
  });
  const joined = writer.node('Concat', maps, 'head.joined', { axis: 1 });
  const fuse = joinFuse(head.fuse);
  const weight = writer.weight('head.fuse.weight', fuse.dims, fuse.data);
  const depth = fuse.dims[0] ?? 0;
  const bias = head.fuseBias ? [writer.weight('head.fuse.bias', [depth], head.fuseBias)] : [];
  let y = writer.node('Conv', [joined, weight, ...bias], 'head.fuse', { kernel_shape: [1, 1] });
  if (head.norm) {
    const scale = writer.weight('head.norm.scale', [depth, 1, 1], head.norm.scale);
    const shift = writer.weight('head.norm.shift', [depth, 1, 1], head.norm.shift);
    y = writer.node('Add', [writer.node('Mul', [y, scale], 'head.norm.scaled'), shift], 'head.norm');
  }
  emitClassifierConv(context, writer.node('Relu', [y], 'head.relu'), head.classifier, output);
}

/** [D, E] of each stage to [D, E of all, 1, 1]. */
function joinFuse(parts: readonly Weight[]): Weight {
  const depth = parts[0]?.dims[0] ?? 0;
  const widths = parts.map(({ dims }) => dims[1] ?? 0);
  const width = widths.reduce((total, each) => total + each, 0);
  const data = new Float32Array(depth * width);
  for (let row = 0; row < depth; row++) {
    let at = row * width;
    for (const [s, part] of parts.entries()) {
      data.set(part.data.subarray(row * widths[s]!, (row + 1) * widths[s]!), at);
      at += widths[s]!;
    }
  }
  return { dims: [depth, width, 1, 1], data };
}

function emitClassifierConv({ writer }: EmitContext, x: string, classifier: Linear, output: string): void {
  const [classes = 0, depth = 0] = classifier.weight.dims;
  const w = writer.weight('head.classifier.weight', [classes, depth, 1, 1], classifier.weight.data);
  const bias = classifier.bias ? [writer.weight('head.classifier.bias', [classes], classifier.bias)] : [];
  writer.node('Conv', [x, w, ...bias], output, { kernel_shape: [1, 1] });
}

/** Tokens of `channels` to [1, channels, h, w]. */
function asMap(context: EmitContext, tokens: string, channels: number, grid: string, name: string): string {
  const { writer, rewrites } = context;
  const perm = rewrites.gemm ? [1, 0] : [0, 2, 1];
  const rows = writer.node('Transpose', [tokens], `${name}.rows`, { perm });
  return writer.node(
    'Reshape',
    [rows, emitShape(context, [writer.ints(1, channels), grid], `${name}.shape`)],
    `${name}.map`,
  );
}

/** Maps as [1, D, h, w]: each stage is Gemm(W, X^T), which is that layout already. */
function emitFoldedNchw(
  context: EmitContext,
  stages: readonly Tokens[],
  head: FoldedHead,
  output: string,
): void {
  const { writer, rewrites } = context;
  const depth = head.bias.length;
  let total = '';
  let size = '';
  for (const [s, tokens] of stages.entries()) {
    const { dims, data } = head.stages[s]!;
    const name = `head.${s}`;
    let map: string;
    if (rewrites.gemm) {
      const bias = s === 0 ? [writer.weight('head.bias', [depth, 1], head.bias)] : [];
      const w = writer.weight(`${name}.weight`, dims, data, gridOf(head.stages[s]!, 'rows'));
      const inputs = [w, tokens.name, ...bias];
      const rows = writer.node('Gemm', inputs, `${name}.out`, { transB: 1 });
      const shape = emitShape(context, [writer.ints(1, depth), tokens.grid], `${name}.shape`);
      if (s === 0) size = shape;
      map = writer.node('Reshape', [rows, shape], `${name}.map`);
    } else {
      const linear = { weight: head.stages[s]!, bias: s === 0 ? head.bias : null };
      map = asMap(context, emitLinear(context, tokens.name, name, linear), depth, tokens.grid, name);
      if (s === 0) size = `${name}.shape`;
    }
    if (s > 0) map = writer.node('Resize', [map, '', '', size], `${name}.up`, bilinear);
    total = s === 0 ? map : writer.node('Add', [total, map], `${name}.sum`);
  }
  const relu = writer.node('Relu', [total], 'head.relu');
  if (!rewrites.gemm) {
    emitClassifierConv(context, relu, head.classifier, output);
    return;
  }
  const rows = writer.node('Reshape', [relu, writer.ints(depth, -1)], 'head.rows');
  emitClassifier(context, rows, stages[0]!, head, output, { transB: 0 });
}

/** Maps as [1, h, w, D], in which a CPU resizes ten times faster. */
function emitFoldedNhwc(
  context: EmitContext,
  stages: readonly Tokens[],
  head: FoldedHead,
  output: string,
): void {
  const { writer } = context;
  const depth = head.bias.length;
  const shapeOf = (s: number) =>
    emitShape(context, [writer.ints(1), stages[s]!.grid, writer.ints(depth)], `head.${s}.shape`);
  const size = shapeOf(0);
  let total = '';
  for (let s = stages.length - 1; s > 0; s--) {
    const name = `head.${s}`;
    // The bias on the smallest map: what upsampling does to a constant is nothing.
    const bias = s === stages.length - 1 ? head.bias : null;
    const y = emitLinear(context, stages[s]!.name, name, { weight: head.stages[s]!, bias });
    const map = writer.node('Reshape', [y, shapeOf(s)], `${name}.map`);
    const up = writer.node('Resize', [map, '', '', size], `${name}.up`, bilinear);
    total = total === '' ? up : writer.node('Add', [total, up], `${name}.sum`);
  }
  const { dims, data } = head.stages[0]!;
  const w = writer.weight('head.0.weight', dims, data);
  const addend =
    total === ''
      ? writer.weight('head.bias', [depth], head.bias)
      : writer.node('Reshape', [total, writer.ints(-1, depth)], 'head.sum');
  const fused = writer.node('Gemm', [stages[0]!.name, w, addend], 'head.0.out', { transB: 1 });
  const relu = writer.node('Relu', [fused], 'head.relu');
  emitClassifier(context, relu, stages[0]!, head, output, { transB: 1 });
}

/** Gemm(W, X) gives [classes, N], which is the logits' own layout. */
function emitClassifier(
  context: EmitContext,
  x: string,
  first: Tokens,
  { classifier }: FoldedHead,
  output: string,
  { transB }: { transB: 0 | 1 },
): void {
  const { writer } = context;
  const [classes = 0, depth = 0] = classifier.weight.dims;
  const w = writer.weight('head.classifier.weight', [classes, depth], classifier.weight.data);
  const bias = classifier.bias ? [writer.weight('head.classifier.bias', [classes, 1], classifier.bias)] : [];
  const y = writer.node('Gemm', [w, x, ...bias], 'head.classes', { transB });
  const shape = emitShape(context, [writer.ints(1, classes), first.grid], 'head.logits_shape');
  writer.node('Reshape', [y, shape], output);
}

/** A stage's tokens as [1, C, h, w], for those who ask for the features. */
export function emitFeature(context: EmitContext, tokens: Tokens, output: string): void {
  const { writer, rewrites } = context;
  const perm = rewrites.gemm ? [1, 0] : [0, 2, 1];
  const rows = writer.node('Transpose', [tokens.name], `${output}.feature_rows`, { perm });
  const shape = emitShape(context, [writer.ints(1, tokens.channels), tokens.grid], `${output}.feature_shape`);
  writer.node('Reshape', [rows, shape], output);
}
