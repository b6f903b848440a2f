import { referenceIndex } from '../evaluation/evaluationPlan.ts';
import type { EvaluationReport } from './evaluationReport.ts';
import { escapeHtml, figureOr, percent, points } from './html.ts';
import { contestantColour } from './reportStyle.ts';

/** Class by class, the largest loss against the reference first; a bar for each contestant. */
export function classTableHtml({ figures, classTable, plan }: EvaluationReport): string {
  const { contestants } = figures;
  if (!contestants.some(({ quality }) => quality)) return '';
  const reference = referenceIndex(plan);
  const others = contestants.flatMap(({ quality }, index) =>
    index === reference ? [] : [{ quality, index }],
  );
  const rows = classTable.classes.map(({ name, colour }, row) => {
    const of = contestants.map(({ quality }) => quality?.classes[row]);
    const losses = others.map(({ quality }) => quality?.classes[row]?.difference?.value ?? 0);
    return { name, colour, of, loss: Math.min(0, ...losses) };
  });
  rows.sort((a, b) => a.loss - b.loss);
  const lines = rows.map(({ name, colour, of }) => {
    const bars = of.map(
      (entry, index) =>
        `<div><span class="bar" style="width:${((entry?.iou ?? 0) * 62).toFixed(1)}%;background:${contestantColour(index)}"></span><span class="small">${figureOr(entry?.iou, percent)}</span></div>`,
    );
    const differences = others.map(({ index }) => {
      const difference = of[index]?.difference;
      const { low, high } = difference ?? { low: null, high: null };
      const sure = low !== null && high !== null && (low > 0 || high < 0);
      const tone = sure ? ((difference?.value ?? 0) < 0 ? ' class="bad"' : ' class="good"') : '';
      const ends =
        low === null || high === null ? '' : `<span class="ends">${points(low)} to ${points(high)}</span>`;
      return `<td><span${tone}>${figureOr(difference?.value, points)}</span>${ends}</td>`;
    });
    const last = of.at(-1);
    return `<tr><td><span class="swatch" style="background:rgb(${colour.join(' ')})"></span>${escapeHtml(name)}</td><td>${figureOr(of[0]?.share, percent)}</td><td class="bars">${bars.join('')}</td>${reference === null ? '' : differences.join('')}<td>${figureOr(last?.precision, percent)}</td><td>${figureOr(last?.recall, percent)}</td><td>${figureOr(last?.f1, percent)}</td><td>${figureOr(last?.boundaryIou, percent)}</td><td>${figureOr(last?.boundaryF, percent)}</td></tr>`;
  });
  const lastLabel = contestants.length > 1 ? ' of the last model' : '';
  const differenceHeads =
    reference === null
      ? ''
      : others
          .map(
            ({ index }) =>
              `<th>difference<br><span class="dot" style="background:${contestantColour(index)}"></span> points</th>`,
          )
          .join('');
  return `<h2>Classes, the largest loss first</h2><p class="quiet">IoU of each model in its colour; precision to boundary F${lastLabel}.</p><div class="card scroll"><table><thead><tr><th>class</th><th>share</th><th style="text-align:left">IoU</th>${differenceHeads}<th>precision</th><th>recall</th><th>F1</th><th>boundary<br>IoU</th><th>boundary<br>F</th></tr></thead><tbody>${lines.join('')}</tbody></table></div>`;
}
