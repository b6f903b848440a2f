import type { ReportComparison } from './compareReports.ts';
import { comparisonNotes, comparisonRows, sameModelWords, type ComparisonRow } from './comparisonRows.ts';
import { escapeHtml, madeAt } from './html.ts';
import { REPORT_STYLE } from './reportStyle.ts';

/** Two reports side by side as one page that needs nothing else. */
export function comparisonPage(comparison: ReportComparison): string {
  const { before, after, contestants } = comparison;
  const notes = comparisonNotes(comparison);
  const cards = contestants.map((contestant) => {
    const rows = comparisonRows(contestant).map(tableRow);
    return `<h2>${escapeHtml(contestant.label)} <span class="quiet">· ${sameModelWords(contestant)}</span></h2><div class="card scroll"><table><thead><tr><th></th><th>before</th><th>after</th><th>difference</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
  });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Two evaluations</title><style>${REPORT_STYLE}</style></head><body><main>
<h1>${escapeHtml(after.folder)}</h1><div class="quiet">before: ${escapeHtml(madeAt(before.made))}, ${before.images} images · after: ${escapeHtml(madeAt(after.made))}, ${after.images} images</div>
<p class="quiet small">In colour: a headline whose value lies outside the other report's bootstrap interval, both ways.</p>
${notes.length > 0 ? `<div class="card"><h3>Not alike</h3><ul>${notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('')}</ul></div>` : ''}
${cards.join('\n')}
</main></body></html>
`;
}

function tableRow({ name, before, after, difference, tone }: ComparisonRow): string {
  const colour = tone === null ? '' : ` class="${tone}"`;
  return `<tr><td>${escapeHtml(name)}</td><td>${before}</td><td>${after}</td><td><span${colour}>${difference}</span></td></tr>`;
}
