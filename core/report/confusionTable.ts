import { ConfusionMatrix, type ConfusionMatrixJson } from '../metrics/confusionMatrix.ts';
import { normaliseConfusion } from '../metrics/normaliseConfusion.ts';
import { escapeHtml, percent } from './html.ts';

/** More classes do not fit on a page: their largest confusions alone are listed. */
const MOST_CLASSES = 32;
const LISTED = 10;

/** Of each true class (row) how many of its pixels were called what, as a table of tinted cells. */
export function confusionTable(json: ConfusionMatrixJson, names: readonly string[]): string {
  const matrix = ConfusionMatrix.fromJSON(json);
  const shares = normaliseConfusion(matrix, 'rows');
  const stride = matrix.classCount + 1;
  if (names.length > MOST_CLASSES) return largestConfusions(matrix, names);
  const unassigned = names.some((_, row) => matrix.at(row, matrix.classCount) > 0);
  const columns = unassigned ? [...names, 'unassigned'] : names;
  const rows = names.map((name, row) => {
    const cells = columns.map((other, column) => {
      const share = shares[row * stride + column]!;
      const says = `${name} called ${other}: ${percent(share)}, ${matrix.at(row, column)} pixels`;
      const text = share >= 0.0005 ? (share * 100).toFixed(share >= 0.9995 ? 0 : 1) : '';
      const ink = share > 0.55 ? ';color:#fff' : '';
      return `<td title="${escapeHtml(says)}" style="background:rgb(var(--cell) / ${(share === 0 ? 0 : 0.06 + 0.94 * Math.sqrt(share)).toFixed(3)})${ink}">${text}</td>`;
    });
    return `<tr><th>${escapeHtml(name)}</th>${cells.join('')}</tr>`;
  });
  return `<div class="scroll"><table class="matrix"><thead><tr><th></th>${columns.map((name) => `<th><span>${escapeHtml(name)}</span></th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function largestConfusions(matrix: ConfusionMatrix, names: readonly string[]): string {
  const pairs = names.flatMap((name, row) =>
    names.flatMap((other, column) =>
      row === column ? [] : [{ name, other, pixels: matrix.at(row, column) }],
    ),
  );
  const largest = pairs.sort((a, b) => b.pixels - a.pixels).slice(0, LISTED);
  const rows = largest.map(
    ({ name, other, pixels }) =>
      `<tr><td>${escapeHtml(name)}</td><td>${escapeHtml(other)}</td><td>${pixels}</td></tr>`,
  );
  return `<table><thead><tr><th>true class</th><th>called</th><th>pixels</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}
