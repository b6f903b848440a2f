import type { Shadows } from '../shadows.ts';
import type { Stage } from '../stage.ts';
import type { StreetPlan } from '../streetPlan.ts';

/** Where objects are put up. */
export interface Site {
  readonly stage: Stage;
  readonly shadows: Shadows;
  readonly plan: StreetPlan;
}
