import type { Block, Linear } from './segformerGraph.ts';

/**
 * The block with the mean over channels taken away from what it adds to the tokens. What reads those are norms, which
 * take it away anyway, so the model's function stays the same.
 */
export function centreBlock(block: Block): Block {
  return {
    ...block,
    attention: { ...block.attention, output: centreOutputs(block.attention.output) },
    ffn: { ...block.ffn, fc2: centreOutputs(block.ffn.fc2) },
  };
}

function centreOutputs({ weight, bias }: Linear): Linear {
  const [out = 0, inputs = 0] = weight.dims;
  const means = new Float64Array(inputs);
  weight.data.forEach((value, i) => (means[i % inputs] = means[i % inputs]! + value / out));
  let mean = 0;
  bias?.forEach((value) => (mean += value / out));
  return {
    weight: { ...weight, data: weight.data.map((value, i) => value - means[i % inputs]!) },
    bias: bias?.map((value) => value - mean) ?? null,
  };
}
