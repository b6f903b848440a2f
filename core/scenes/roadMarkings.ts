import type { GroundPlace, StreetPlan } from './streetPlan.ts';

export interface Marking {
  /** 0 bare road to 1 full paint. */
  amount: number;
  yellow: boolean;
}

const result: Marking = { amount: 0, yellow: false };

/**
 * Paint at a point of the carriageway. `across` and `along`: metres that one sample covers in each direction;
 * lines thinner than that fade instead of breaking up. The answer is reused by the next call.
 */
export function markingAt(
  plan: StreetPlan,
  place: GroundPlace,
  z: number,
  across: number,
  along: number,
): Marking {
  result.amount = 0;
  result.yellow = false;
  const { side } = place;
  const a = place.across;
  const beyondKerb = a * side.sign - side.kerb;

  const junction = plan.junctions.find((j) => Math.abs(z - j.z) < j.halfWidth + 4);
  if (junction !== undefined && (side.sign < 0 ? junction.left : junction.right)) {
    const off = Math.abs(z - junction.z);
    if (beyondKerb > -0.2 && beyondKerb < 1.4) {
      // Give-way: two rows of dashes across the mouth of the side street, on the half that comes out of it.
      const leaving = (z - junction.z) * side.sign > 0;
      if (leaving && off < junction.halfWidth - 0.2) {
        const rows = Math.max(line(beyondKerb - 0.3, 0.12, across), line(beyondKerb - 0.75, 0.12, across));
        result.amount = rows * dash(z, 0.9, 0.6, along);
        return result;
      }
    }
    if (beyondKerb > 0.6) {
      const middle = line(z - junction.z, 0.06, along);
      result.amount = beyondKerb > 2 ? middle * dash(a, 6, 0.6, across) : 0;
      return result;
    }
  }
  if (beyondKerb > 0) return result;

  if (plan.crossing !== undefined) {
    const off = Math.abs(z - plan.crossing);
    if (off < 1.5 + along) {
      result.amount = line(z - plan.crossing, 1.4, along) * dash(a, 1.1, 0.5, across);
      return result;
    }
    if (off > 1.9 && off < 9) {
      // Zigzags beside the lanes on either side of a crossing.
      const phase = z * 0.5 - Math.floor(z * 0.5);
      const swing = Math.abs(phase - 0.5) * 0.8 - 0.2;
      result.amount = Math.max(
        line(a - plan.centreLine - swing, 0.06, across),
        line(beyondKerb + 0.5 - swing, 0.06, across),
      );
      return result;
    }
  }
  if (junction?.signals === true) {
    const stop = junction.z - junction.halfWidth - 2.5;
    if (a < plan.centreLine && Math.abs(z - stop) < 0.3 + along) {
      result.amount = line(z - stop, 0.15, along);
      return result;
    }
  }
  if (junction !== undefined && Math.abs(z - junction.z) < junction.halfWidth) return result;

  let amount = line(a - plan.centreLine, 0.06, across) * dash(z, 6, plan.seed % 3 === 0 ? 0.66 : 0.36, along);
  for (const at of plan.laneLines)
    amount = Math.max(amount, line(a - at, 0.05, across) * dash(z, 6, 0.3, along));
  if (side.doubleYellow && beyondKerb > -0.7) {
    const pair = Math.max(line(beyondKerb + 0.27, 0.04, across), line(beyondKerb + 0.45, 0.04, across));
    if (pair > amount) {
      result.amount = pair * 0.9;
      result.yellow = true;
      return result;
    }
  } else if (side.parked && Math.abs(beyondKerb + 2.1) < 0.2 + across) {
    amount = Math.max(amount, line(beyondKerb + 2.1, 0.05, across) * dash(z, 1.2, 0.5, along) * 0.8);
  }
  result.amount = amount;
  return result;
}

/** Share of a sample of this size that a line of this half width covers, at this distance from its middle. */
function line(distance: number, halfWidth: number, size: number): number {
  const reach = halfWidth + size / 2 - Math.abs(distance);
  if (reach <= 0) return 0;
  return Math.min(1, reach / size, (2 * halfWidth) / size);
}

/** Share covered by dashes of this period of which the first part, `duty`, is painted. */
function dash(at: number, period: number, duty: number, size: number): number {
  if (size > period) return duty;
  const phase = at / period - Math.floor(at / period);
  const half = (duty * period) / 2;
  const fromMiddle = Math.abs(phase * period - half);
  return line(Math.min(fromMiddle, period - fromMiddle), half, size);
}
