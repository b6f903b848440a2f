import { buildValue } from '../buildModel.ts';
import type { OnnxModel } from '../onnxModel.ts';
import { emitAttention } from './emitAttention.ts';
import { centreBlock } from './centreBlock.ts';
import { emitImage, emitNorm, emitRmsNorm, emitTokens } from './emitContext.ts';
import type { EmitContext, Tokens } from './emitContext.ts';
import { emitFfn } from './emitFfn.ts';
import { emitFeature, emitHead } from './emitHead.ts';
import type { EmitBackend, EmitOptions, Rewrites } from './emitOptions.ts';
import { GraphWriter } from './graphWriter.ts';
import type { Norm, SegformerGraph, Stage } from './segformerGraph.ts';

/** The rewrites that pay on a backend, and that are right there. */
export function rewritesFor(backend: EmitBackend): Rewrites {
  return {
    foldHead: true,
    headNhwc: backend === 'wasm',
    layerNormOp: true,
    rmsNorm: backend === 'wasm',
    geluOp: true,
    gemm: true,
    transposedFfn: true,
    patchReduction: true,
    mergeProjections: true,
    foldScale: true,
    mergeGateLayer: true,
    int8Products: backend === 'wasm',
  };
}

/** No rewrite: the graph as transformers computes it. */
export const noRewrites: Rewrites = {
  foldHead: false,
  headNhwc: false,
  layerNormOp: false,
  rmsNorm: false,
  geluOp: false,
  gemm: false,
  transposedFfn: false,
  patchReduction: false,
  mergeProjections: false,
  foldScale: false,
  mergeGateLayer: false,
  int8Products: false,
};

/**
 * Writes a SegFormer as an ONNX graph, batch 1: input float32 [1, 3, height, width], output logits float32
 * [1, classes, height / 4, width / 4], then the gates' kept neurons and whatever else the options ask for.
 *
 * The same function as the description's, to rounding: logits within 1e-4 of the graph that it was read from.
 */
export function emitSegformer(graph: SegformerGraph, options: EmitOptions): OnnxModel {
  const settings = {
    backend: options.backend,
    storage: options.storage ?? 'float32',
    gates: options.gates ?? true,
    exposeGates: options.exposeGates ?? true,
    exposeStages: options.exposeStages ?? false,
  } as const;
  const writer = new GraphWriter({ storage: settings.storage });
  const context: EmitContext = {
    writer,
    options: settings,
    rewrites: { ...rewritesFor(options.backend), ...options.rewrites },
  };
  const stages: Tokens[] = [];
  let image = graph.inputName;
  for (const [s, stage] of graph.stages.entries()) {
    const tokens = emitStage(context, image, `stage.${s}`, stage);
    stages.push(tokens);
    if (s + 1 < graph.stages.length) image = emitImage(context, tokens, `stage.${s}.map`);
    if (settings.exposeStages) exposeStage(context, tokens, `stage.${s}`);
  }
  emitHead(context, stages, graph.head, graph.outputName);
  const classes = graph.head.classifier.weight.dims[0] ?? 0;
  const { fixedSize } = graph;
  const sides = fixedSize ? [fixedSize.height, fixedSize.width] : ['height', 'width'];
  const quarter = fixedSize ? ['', ''] : ['height/4', 'width/4'];
  writer.output(buildValue(graph.outputName, [1, classes, ...quarter]));
  const input = buildValue(graph.inputName, [1, 3, ...sides]);
  return writer.model(input, 'segformer', 'segformer', graph.outputName);
}

function exposeStage(context: EmitContext, tokens: Tokens, name: string): void {
  emitFeature(context, tokens, name);
  context.writer.output(buildValue(name, [1, tokens.channels, '', '']));
}

function emitStage(context: EmitContext, image: string, name: string, stage: Stage): Tokens {
  const { writer } = context;
  const { conv, norm } = stage.embedding;
  const [channels = 0, , kernel = 0] = conv.weight.dims;
  const own = `${name}.embedding`;
  const w = writer.weight(`${own}.weight`, conv.weight.dims, conv.weight.data);
  const bias = conv.bias ? [writer.weight(`${own}.bias`, [channels], conv.bias)] : [];
  const map = writer.node('Conv', [image, w, ...bias], `${own}.conv`, {
    kernel_shape: [kernel, kernel],
    strides: [conv.stride, conv.stride],
    pads: [conv.padding, conv.padding, conv.padding, conv.padding],
  });
  const grid = writer.node('Shape', [map], `${own}.grid`, { start: 2, end: 4 });
  let x = emitNorm(context, emitTokens(context, map, own), `${own}.norm`, norm);
  const centred = context.rewrites.rmsNorm && context.rewrites.gemm;
  if (centred) {
    const mean = writer.node('ReduceMean', [x, writer.ints(-1)], `${name}.mean`, { keepdims: 1 });
    x = writer.node('Sub', [x, mean], `${name}.centred`);
  }
  const normed = (tokens: string, own: string, values: Norm): Tokens =>
    centred
      ? { name: emitRmsNorm(context, tokens, own, values), channels, grid, offset: values.bias }
      : { name: emitNorm(context, tokens, own, values), channels, grid, offset: null };
  for (const [b, original] of stage.blocks.entries()) {
    const at = `${name}.block.${b}`;
    const block = centred ? centreBlock(original) : original;
    const attended = emitAttention(
      context,
      normed(x, `${at}.norm1`, block.norm1),
      `${at}.attention`,
      block.attention,
    );
    x = writer.node('Add', [x, attended], `${at}.attended`);
    const fed = emitFfn(context, normed(x, `${at}.norm2`, block.norm2), `${at}.ffn`, block.ffn);
    x = writer.node('Add', [x, fed], `${at}.out`);
  }
  return { name: emitNorm(context, x, `${name}.norm`, stage.norm), channels, grid, offset: null };
}
