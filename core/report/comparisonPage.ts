import { HEADLINES, type Headline } from '../evaluation/evaluationFigures.ts';
import type { ComparedFigure, ReportComparison } from './compareReports.ts';
import { escapeHtml, figureOr, percent, points } from './html.ts';
import { REPORT_STYLE } from './reportStyle.ts';

export const HEADLINE_WORDS: Readonly<Record<Headline, string>> = {
  miou: 'mean IoU',
  pixelAccuracy: 'pixel accuracy',
  frequencyWeightedIou: 'frequency-weighted IoU',
  boundaryIou: 'boundary IoU',
  boundaryF: 'boundary F',
};

/** Two reports side by side as one page that needs nothing else. */
export function comparisonPage(comparison: ReportComparison): string {
  const { before, after, differences, contestants } = comparison;
  const when = ({ made }: ReportComparison['before']) => made.at.slice(0, 16).replace('T', ' ');
  const notes = [
    ...differences,
    ...comparison.onlyBefore.map((label) => `${label} only before`),
    ...comparison.onlyAfter.map((label) => `${label} only after`),
  ];
  const cards = contestants.map(({ label, sameModel, headlines, classes, milliseconds, macs }) => {
    const rows = [
      ...HEADLINES.map((name) => row(HEADLINE_WORDS[name], headlines[name], percent, points)),
      row(
        'milliseconds per image, median',
        milliseconds,
        (ms) => ms.toFixed(0),
        (ms) => signed(ms.toFixed(0)),
      ),
      row(
        'G multiply-adds',
        macs,
        (value) => (value / 1e9).toFixed(2),
        (value) => signed((value / 1e9).toFixed(2)),
      ),
      ...classes.map(({ name, ...figure }) => row(`IoU of ${name}`, figure, percent, points)),
    ];
    const model = sameModel ? 'the same file' : 'another file of that name';
    return `<h2>${escapeHtml(label)} <span class="quiet">· ${model}</span></h2><div class="card scroll"><table><thead><tr><th></th><th>before</th><th>after</th><th>difference</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
  });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Two evaluations</title><style>${REPORT_STYLE}</style></head><body><main>
<h1>${escapeHtml(after.folder)}</h1><div class="quiet">before: ${when(before)} UTC, ${before.images} images · after: ${when(after)} UTC, ${after.images} images</div>
<p class="quiet small">In colour: a headline whose value lies outside the other report's bootstrap interval, both ways.</p>
${notes.length > 0 ? `<div class="card"><h3>Not alike</h3><ul>${notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('')}</ul></div>` : ''}
${cards.join('\n')}
</main></body></html>
`;
}

function row(
  name: string,
  { before, after, difference, sure }: ComparedFigure,
  format: (value: number) => string,
  formatDifference: (value: number) => string,
): string {
  const tone = sure ? ` class="${(difference ?? 0) < 0 ? 'bad' : 'good'}"` : '';
  return `<tr><td>${escapeHtml(name)}</td><td>${figureOr(before, format)}</td><td>${figureOr(after, format)}</td><td><span${tone}>${figureOr(difference, formatDifference)}</span></td></tr>`;
}

const signed = (text: string): string => (text.startsWith('-') ? `−${text.slice(1)}` : `+${text}`);
