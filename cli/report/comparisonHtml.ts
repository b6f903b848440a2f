import { formatProblem } from '#core/problem.ts';
import { escapeHtml as escape, figureOr, percent } from '#core/report/html.ts';
import type { ComparedClass, ComparedImage, Comparison, ModelInTotal } from './comparison.ts';

const STYLE = `
  :root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); }
  body { font: 13px/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums; margin: 32px auto; max-width: 1120px; padding: 0 24px; }
  h1 { font-size: 20px; margin: 0 0 4px; } h2 { font-size: 15px; margin: 32px 0 8px; }
  table { border-collapse: collapse; width: 100%; } th, td { text-align: right; padding: 4px 8px; border-bottom: 1px solid var(--line); }
  th:first-child, td:first-child { text-align: left; } th { font-weight: 600; }
  .quiet { opacity: .7; } .gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(320px, 1fr)); gap: 16px; }
  figure { margin: 0; border: 1px solid var(--line); } img { display: block; width: 100%; } figcaption { padding: 8px; overflow-wrap: anywhere; }
  .t { color: #b87f00; } .s { color: #2c8fc4; } @media print { .gallery { grid-template-columns: repeat(3, 1fr); } }
`;

/** The page beside summary.json: headline, classes, then every image, the most disputed first. */
export function comparisonHtml(comparison: Comparison): string {
  const images = [...comparison.images].sort((a, b) => a.equalShare - b.equalShare);
  const truth = comparison.teacher.miou !== null;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(comparison.teacher.id)} and ${escape(comparison.student.id)} on ${escape(comparison.folder)}</title>
<style>${STYLE}</style>
<h1>${escape(comparison.teacher.name)} and ${escape(comparison.student.name)}</h1>
<div class="quiet">${escape(comparison.folder)} · ${images.length} images · both models agree on ${percent(comparison.equalShare)} of the pixels</div>
<h2>Models</h2>
<table>
<tr><th>model<th>keep<th>ms per image<th>G multiply-adds${truth ? '<th>mIoU<th>pixel accuracy' : ''}</tr>
${modelRow('teacher', comparison.teacher, truth)}
${modelRow('student', comparison.student, truth)}
</table>
<h2>Classes</h2>
<table>
<tr><th>class<th>teacher's share<th>student's share<th>IoU of the two${truth ? '<th>teacher IoU<th>student IoU' : ''}</tr>
${comparison.classes.map((entry) => classRow(entry, truth)).join('\n')}
</table>
${mappedText(comparison)}<h2>Images, the most disputed first</h2>
<p class="quiet">Only the pixels on which the models differ are painted, in stripes of <span class="t">the teacher's claim</span> and <span class="s">the student's</span>.</p>
<div class="gallery">
${images.map((image) => figure(image, truth)).join('\n')}
</div>
${comparison.problems.length > 0 ? `<h2>Could not be used, or with care</h2><ul>${comparison.problems.map((problem) => `<li>${escape(formatProblem(problem))}`).join('')}</ul>` : ''}
</html>
`;
}

function modelRow(role: string, model: ModelInTotal, truth: boolean): string {
  const quality = truth
    ? `<td>${figureOr(model.miou, percent)}<td>${figureOr(model.pixelAccuracy, percent)}`
    : '';
  return `<tr><td>${role}: ${escape(model.id)}<td>${figureOr(model.keepRatio, (ratio) => ratio.toFixed(2))}<td>${model.msPerImage.toFixed(0)}<td>${model.gmacs.toFixed(2)}${quality}</tr>`;
}

function classRow(entry: ComparedClass, truth: boolean): string {
  const quality = truth
    ? `<td>${figureOr(entry.iouTeacher, percent)}<td>${figureOr(entry.iouStudent, percent)}`
    : '';
  return `<tr><td>${escape(entry.name)}<td>${percent(entry.shareTeacher)}<td>${percent(entry.shareStudent)}<td>${figureOr(entry.iou, percent)}${quality}</tr>`;
}

/** What the classes of a model became, where the two have different ones. */
function mappedText({ mapped, teacher, student }: Comparison): string {
  if (!mapped) return '';
  const lines = (['teacher', 'student'] as const).flatMap((role) => {
    const { map, ignored } = mapped[role];
    const name = escape((role === 'teacher' ? teacher : student).name);
    const chosen = Object.entries(map).map(([from, to]) => `${escape(from)} is ${escape(to)}`);
    return [
      ...(chosen.length > 0 ? [`<li>${name}: ${chosen.join(', ')}`] : []),
      ...(ignored.length > 0 ? [`<li>${name}: ${ignored.map(escape).join(', ')}: ignored`] : []),
    ];
  });
  return `<p>The models have different classes: these are compared.</p><ul>${lines.join('')}</ul>\n`;
}

function figure(image: ComparedImage, truth: boolean): string {
  const quality = truth
    ? ` · mIoU <span class="t">${figureOr(image.teacher.miou, percent)}</span> <span class="s">${figureOr(image.student.miou, percent)}</span>`
    : '';
  return `<figure><img loading="lazy" src="${path(image.difference)}" alt="difference on ${escape(image.image)}"><figcaption>${escape(image.image)}<br><span class="quiet">${percent(1 - image.equalShare)} differ${quality} · masks: <a href="${path(image.teacher.mask)}">teacher</a>, <a href="${path(image.student.mask)}">student</a></span></figcaption></figure>`;
}

const path = (relative: string): string => relative.split('/').map(encodeURIComponent).join('/');
