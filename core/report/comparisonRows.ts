import { HEADLINES, type Headline } from '../evaluation/evaluationFigures.ts';
import type { ComparedContestant, ComparedFigure, ReportComparison } from './compareReports.ts';
import { figureOr, percent, points } from './html.ts';

export const HEADLINE_WORDS: Readonly<Record<Headline, string>> = {
  miou: 'mean IoU',
  pixelAccuracy: 'pixel accuracy',
  frequencyWeightedIou: 'frequency-weighted IoU',
  boundaryIou: 'boundary IoU',
  boundaryF: 'boundary F',
};

/** A figure of two reports in words. */
export interface ComparisonRow {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly difference: string;
  /** null: it cannot be told from noise. */
  readonly tone: 'good' | 'bad' | null;
}

/** A contestant's figures, from its headlines to its classes. */
export function comparisonRows(contestant: ComparedContestant): ComparisonRow[] {
  const { headlines, classes, milliseconds, macs } = contestant;
  return [
    ...HEADLINES.map((name) => row(HEADLINE_WORDS[name], headlines[name], percent, points)),
    row('milliseconds per image, median', milliseconds, (ms) => ms.toFixed(0)),
    row('G multiply-adds', macs, (value) => (value / 1e9).toFixed(2)),
    ...classes.map(({ name, ...figure }) => row(`IoU of ${name}`, figure, percent, points)),
  ];
}

/** What is not alike in the two reports, a line each. */
export function comparisonNotes({ differences, onlyBefore, onlyAfter }: ReportComparison): string[] {
  return [
    ...differences,
    ...onlyBefore.map((label) => `${label} only before`),
    ...onlyAfter.map((label) => `${label} only after`),
  ];
}

/** Whether a contestant of both was the same. */
export function sameModelWords({ sameModel }: ComparedContestant): string {
  return sameModel ? 'the same file' : 'another file of that name';
}

function row(
  name: string,
  { before, after, difference, sure }: ComparedFigure,
  format: (value: number) => string,
  formatDifference = (value: number): string => signed(format(value)),
): ComparisonRow {
  return {
    name,
    before: figureOr(before, format),
    after: figureOr(after, format),
    difference: figureOr(difference, formatDifference),
    tone: sure ? ((difference ?? 0) < 0 ? 'bad' : 'good') : null,
  };
}

const signed = (text: string): string => (text.startsWith('-') ? `−${text.slice(1)}` : `+${text}`);
