/** A layer whose neurons can be left out, in groups of equal width. */
export interface PrunableLayer {
  /** What the model loses when k neurons of each group are kept: [width + 1], index k, in one unit for all layers. */
  readonly losses: ArrayLike<number>;
  /** Multiply-adds that one neuron of every group costs together. */
  readonly price: number;
  /** Neurons of each group that stay at least; 1 unless given. */
  readonly least?: number;
}

/**
 * How many neurons of each group to keep, layer by layer, so that the losses add up to as little as possible while
 * `saving` multiply-adds are saved. What a layer keeps at least stays.
 *
 * The cheapest step first: each layer goes down along the lower convex hull of its losses, and the step with the
 * least loss per multiply-add is taken, whatever layer it is in. That is the optimum of the Lagrangian, up to the last
 * step, which is taken in part. A larger saving never keeps more of any layer.
 *
 * @param saving multiply-adds; 0 or less keeps all
 * @throws RangeError where even the least that may stay saves less; ask `largestSaving` first
 */
export function allocateBudget(layers: readonly PrunableLayer[], saving: number): number[] {
  if (saving > largestSaving(layers)) {
    throw new RangeError(`${saving} multiply-adds cannot be saved: ${largestSaving(layers)} at most`);
  }
  const kept = layers.map(({ losses }) => losses.length - 1);
  const steps = layers.flatMap((layer, l) => hullSteps(layer).map((step) => ({ ...step, l })));
  // Within a layer the rates rise, so a stable sort keeps its steps in order.
  steps.sort((a, b) => a.rate - b.rate);
  let missing = saving;
  for (const { l, from, to } of steps) {
    if (missing <= 0) break;
    const { price } = layers[l]!;
    const count = Math.min(from - to, Math.ceil(missing / price - 1e-9));
    kept[l] = from - count;
    missing -= count * price;
  }
  return kept;
}

/** Multiply-adds saved where every layer keeps the least that it may. */
export function largestSaving(layers: readonly PrunableLayer[]): number {
  return layers.reduce((sum, { losses, price, least = 1 }) => sum + (losses.length - 1 - least) * price, 0);
}

interface Step {
  readonly from: number;
  readonly to: number;
  /** Loss per multiply-add saved. */
  readonly rate: number;
}

function hullSteps({ losses, price, least = 1 }: PrunableLayer): Step[] {
  const steps: Step[] = [];
  let from = losses.length - 1;
  let lowest = 0;
  while (from > least) {
    let to = from - 1;
    let rate = Infinity;
    for (let k = from - 1; k >= least; k--) {
      const each = (losses[k]! - losses[from]!) / ((from - k) * price);
      // Of equal rates the longest step: a hull has no points between.
      if (each <= rate) {
        rate = each;
        to = k;
      }
    }
    // Measured losses may fall where neurons are left out; such steps are free, and never out of order.
    lowest = Math.max(lowest, rate);
    steps.push({ from, to, rate: lowest });
    from = to;
  }
  return steps;
}
