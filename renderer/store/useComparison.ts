import { create } from 'zustand';
import type { ReportComparison } from '#core/report/compareReports.ts';

interface ComparisonState {
  /** An earlier report against the run as it was when it was asked for; null before. */
  readonly comparison: ReportComparison | null;
}

export const useComparison = create<ComparisonState>()(() => ({ comparison: null }));
