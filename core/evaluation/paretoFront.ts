/** One point of a chart of cost against quality; null: not known. */
export interface CostGain {
  readonly cost: number | null;
  readonly gain: number | null;
}

/** Of each point whether no other costs as little and gains as much, and less or more: the Pareto front. */
export function onParetoFront(points: readonly CostGain[]): boolean[] {
  return points.map(({ cost, gain }) => {
    if (cost === null || gain === null) return false;
    return !points.some(
      (other) =>
        other.cost !== null &&
        other.gain !== null &&
        other.cost <= cost &&
        other.gain >= gain &&
        (other.cost < cost || other.gain > gain),
    );
  });
}
