import type { HeatField, HeatMap } from '#core/imaging/heatMap.ts';
import type { Logits } from '#core/imaging/logits.ts';
import type { Problem } from '#core/problem.ts';

/** What is to be seen: how far two models' probabilities are apart, or numbers that are known. */
export type HeatInput =
  | { readonly kind: 'divergence'; readonly teacher: Logits; readonly student: Logits }
  | { readonly kind: 'field'; readonly field: HeatField };

export interface HeatRequest {
  readonly id: number;
  readonly input: HeatInput;
  /** Of the picture. */
  readonly width: number;
  readonly height: number;
}

export interface HeatResponse {
  readonly id: number;
  readonly heat: HeatMap | null;
  readonly problem: Problem | null;
}
