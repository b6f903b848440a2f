import type { ContestantFigures, Interval } from '../evaluation/evaluationFigures.ts';
import { contestantLabel, referenceIndex, type TruthSource } from '../evaluation/evaluationPlan.ts';
import { onParetoFront } from '../evaluation/paretoFront.ts';
import { SIZING_WORDS } from '../inference/runSettings.ts';
import { formatProblem } from '../problem.ts';
import { classTableHtml } from './classTableHtml.ts';
import { confusionTable } from './confusionTable.ts';
import type { EvaluationReport } from './evaluationReport.ts';
import { galleryHtml, type PictureOf } from './galleryHtml.ts';
import { escapeHtml, figureOr, madeAt, percent, points } from './html.ts';
import { reliabilityChart } from './reliabilityChart.ts';
import { contestantColour, REPORT_STYLE } from './reportStyle.ts';
import { scatterChart, type ScatterPoint } from './scatterChart.ts';

const TRUTH_WORDS: Readonly<Record<TruthSource, string>> = {
  corrected: 'masks corrected in the project, else the ground-truth files',
  reviewed: 'masks whose review is done, else the ground-truth files',
  files: 'the ground-truth files',
};

/** Problems beyond these are counted. */
const LISTED_PROBLEMS = 50;

/**
 * The report as one page that needs nothing else: charts as SVG, pictures as data URLs, no scripts.
 *
 * @param pictureOf the small picture of an image, where there is one
 */
export function reportHtml(report: EvaluationReport, pictureOf: PictureOf): string {
  const { figures, plan, folder, made } = report;
  const title = `${plan.contestants.map(contestantLabel).join(' and ')} on ${lastPart(folder)}`;
  const measured = `${figures.images} of ${report.images} images`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title>
<style>${REPORT_STYLE}</style></head><body><main>
<h1>${escapeHtml(lastPart(folder))}</h1>
<div class="quiet">${escapeHtml(folder)} · ${measured} measured · ${escapeHtml(madeAt(made))}</div>
<div class="verdicts">${figures.contestants.map((contestant, index) => verdict(contestant, index)).join('')}</div>
<p class="quiet small">Intervals: ${percent(figures.bootstrap.level)} of ${figures.bootstrap.rounds} bootstrap rounds over images (seed ${figures.bootstrap.seed}); differences are paired, image by image.</p>
${costSection(report)}
${summaryTable(figures.contestants)}
${classTableHtml(report)}
${confusionSection(report)}
${reliabilitySection(figures.contestants)}
${report.galleries.length > 0 ? `<h2>Where to look</h2><p class="quiet">The frame is the largest region that went wrong.</p>${report.galleries.map((gallery) => galleryHtml(gallery, pictureOf)).join('\n')}` : ''}
${provenance(report)}
</main></body></html>
`;
}

function verdict({ contestant, quality, agreement, cost }: ContestantFigures, index: number): string {
  const headline = quality?.headlines.miou.value ?? agreement?.miou ?? null;
  const what = quality ? 'mean IoU' : agreement ? 'mean IoU with the teacher' : 'no ground truth';
  const miou = quality?.headlines.miou;
  const ends = miou ? intervalEnds(miou, percent) : '';
  const facts: [string, string][] = [
    [
      'per image',
      `${figureOr(cost.median, (ms) => ms.toFixed(0))} ms, p95 ${figureOr(cost.p95, (ms) => ms.toFixed(0))}`,
    ],
    ['multiply-adds', figureOr(cost.macs, (macs) => `${(macs / 1e9).toFixed(2)} G`)],
  ];
  if (quality) facts.unshift(['boundary IoU', figureOr(quality.headlines.boundaryIou.value, percent)]);
  return `<div class="card verdict"><div class="name"><span class="dot" style="background:${contestantColour(index)}"></span>${escapeHtml(contestantLabel(contestant))}</div>
<div class="big">${figureOr(headline, percent)} <small>${what}</small></div><div class="quiet small">${ends || '&nbsp;'}</div>
<div>${quality?.difference ? differenceSentence(quality.difference.miou) : contestant.role === 'teacher' ? '<span class="quiet">what the others are compared with</span>' : '&nbsp;'}</div>
<dl>${facts.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join('')}</dl></div>`;
}

/** `0.4 points worse`, told apart from noise. */
function differenceSentence({ value, low, high }: Interval): string {
  if (value === null) return '&nbsp;';
  const ends =
    low === null || high === null ? '' : ` <span class="quiet">(${points(low)} to ${points(high)})</span>`;
  if (low === null || high === null || (low <= 0 && high >= 0)) {
    return `${points(value)} points${ends}: <span class="quiet">within noise</span>`;
  }
  return `<b class="${value < 0 ? 'bad' : 'good'}">${points(value)} points</b>${ends}`;
}

function costSection({ figures, plan }: EvaluationReport): string {
  const reference = referenceIndex(plan);
  const pointsOf = (cost: (figures: ContestantFigures) => number | null): ScatterPoint[] => {
    const found = figures.contestants.flatMap((contestant, index) => {
      const miou = contestant.quality?.headlines.miou;
      const y = miou ? miou.value : index === reference ? 1 : (contestant.agreement?.miou ?? null);
      const x = cost(contestant);
      if (x === null || y === null) return [];
      return [
        {
          label: contestantLabel(contestant.contestant),
          colour: contestantColour(index),
          x,
          y,
          low: miou?.low ?? null,
          high: miou?.high ?? null,
          onFront: false,
        },
      ];
    });
    // Each chart has a front of its own: what is fast need not be what computes little.
    const front = onParetoFront(found.map(({ x, y }) => ({ cost: x, gain: y })));
    return found.map((point, index) => ({ ...point, onFront: front[index] ?? false }));
  };
  const yLabel = figures.contestants.some(({ quality }) => quality)
    ? 'mean IoU'
    : 'mean IoU with the teacher';
  const charts = [
    {
      xLabel: 'milliseconds per image, median',
      points: pointsOf(({ cost }) => cost.median),
      formatX: (x: number) => String(x),
    },
    {
      xLabel: 'G multiply-adds per image',
      points: pointsOf(({ cost }) => cost.macs && cost.macs / 1e9),
      formatX: (x: number) => String(x),
    },
  ].filter(({ points: shown }) => shown.length > 0);
  if (charts.length === 0) return '';
  const drawn = charts.map(
    ({ xLabel, points: shown, formatX }) =>
      `<div class="card">${scatterChart(shown, { xLabel, yLabel, formatX: (x) => formatX(Number(x.toPrecision(4))), formatY: percent })}</div>`,
  );
  return `<h2>Cost against quality</h2><p class="quiet">Filled: nothing else is as fast and as good; the dashed line joins them.</p><div class="charts">${drawn.join('')}</div>`;
}

function summaryTable(contestants: readonly ContestantFigures[]): string {
  const withEnds = (interval: Interval | undefined, format: (value: number) => string): string =>
    `${figureOr(interval?.value, format)}${interval ? `<span class="ends">${intervalEnds(interval, format)}</span>` : ''}`;
  const rows = contestants.map(({ contestant, quality, agreement, calibration, cost }, index) => {
    const { headlines, difference } = quality ?? {};
    const cells = [
      withEnds(headlines?.miou, percent),
      withEnds(difference?.miou, points),
      withEnds(headlines?.boundaryIou, percent),
      withEnds(headlines?.boundaryF, percent),
      withEnds(headlines?.pixelAccuracy, percent),
      withEnds(headlines?.frequencyWeightedIou, percent),
      figureOr(agreement?.equalShare, percent),
      figureOr(agreement?.divergence.mean, (nats) => nats.toFixed(3)),
      figureOr(calibration?.error, percent),
      figureOr(cost.median, (ms) => ms.toFixed(0)),
      figureOr(cost.p95, (ms) => ms.toFixed(0)),
      figureOr(cost.macs, (macs) => (macs / 1e9).toFixed(2)),
    ];
    return `<tr><td><span class="dot" style="background:${contestantColour(index)}"></span> ${escapeHtml(contestantLabel(contestant))}</td>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  const heads = [
    '',
    'mean IoU',
    'difference,<br>points',
    'boundary<br>IoU',
    'boundary<br>F',
    'pixel<br>accuracy',
    'frequency-<br>weighted IoU',
    'as the<br>teacher',
    'KL,<br>nats',
    'calibration<br>error',
    'median<br>ms',
    'p95<br>ms',
    'G multiply-<br>adds',
  ];
  return `<h2>All figures</h2><div class="card scroll"><table><thead><tr>${heads.map((head) => `<th>${head}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function intervalEnds({ low, high }: Interval, format: (value: number) => string): string {
  return low === null || high === null ? '' : `${format(low)} to ${format(high)}`;
}

function confusionSection({ figures, classTable }: EvaluationReport): string {
  const names = classTable.classes.map(({ name }) => name);
  const cards = figures.contestants.flatMap(({ contestant, quality, agreement }) => {
    const against = quality ?? agreement;
    if (!against) return [];
    const rows = quality ? 'the truth' : "the teacher's classes";
    return [
      `<h3>${escapeHtml(contestantLabel(contestant))} <span class="quiet">· rows: ${rows}, columns: what it says, percent of the row</span></h3><div class="card" style="margin-bottom:16px">${confusionTable(against.confusion, names)}</div>`,
    ];
  });
  return cards.length === 0 ? '' : `<h2>Confusion</h2>${cards.join('')}`;
}

function reliabilitySection(contestants: readonly ContestantFigures[]): string {
  const charts = contestants.flatMap(({ contestant, calibration }, index) => {
    if (!calibration) return [];
    const label = contestantLabel(contestant);
    const chart = reliabilityChart(calibration, { label, colour: contestantColour(index) });
    return [
      `<div class="card"><h3>${escapeHtml(label)} <span class="quiet">· ECE ${percent(calibration.error)}, ${calibration.images} images</span></h3>${chart}</div>`,
    ];
  });
  if (charts.length === 0) return '';
  return `<h2>Reliability</h2><p class="quiet">How often a pixel is right, by how sure the model is of it: on the diagonal both are the same. The darker a bar, the more pixels.</p><div class="charts">${charts.join('')}</div>`;
}

function provenance({ plan, made, problems }: EvaluationReport): string {
  const { settings } = plan;
  const facts: [string, string][] = [
    ['Input', SIZING_WORDS[settings.sizing].label],
    ['Models', settings.optimise ? 'in the optimised form' : 'as their files are'],
    ['Boundary width', `${settings.boundaryWidth} px`],
    ['Truth', TRUTH_WORDS[settings.truth]],
    ...Object.entries(made.by),
  ];
  const models = plan.contestants.map(
    (contestant) =>
      `<tr><td>${escapeHtml(contestantLabel(contestant))}</td><td>${escapeHtml(contestant.modelId)}</td><td><code>${escapeHtml(contestant.sha256)}</code></td></tr>`,
  );
  const listed = problems
    .slice(0, LISTED_PROBLEMS)
    .map((problem) => `<li>${escapeHtml(formatProblem(problem))}</li>`);
  const rest =
    problems.length > LISTED_PROBLEMS ? `<li>and ${problems.length - LISTED_PROBLEMS} more</li>` : '';
  return `<h2>How it was made</h2><div class="card scroll"><table><tbody>${facts.map(([name, value]) => `<tr><td>${escapeHtml(name)}</td><td>${escapeHtml(value)}</td></tr>`).join('')}</tbody></table></div>
<h2>Models</h2><div class="card scroll"><table><thead><tr><th>model</th><th>id</th><th>sha256 of its ONNX file</th></tr></thead><tbody>${models.join('')}</tbody></table></div>
${problems.length > 0 ? `<h2>Could not be used, or with care</h2><ul>${listed.join('')}${rest}</ul>` : ''}`;
}

/** The folder's name; for an `images` folder that of the one it is in. */
function lastPart(path: string): string {
  const parts = path.split(/[\\/]/).filter(Boolean);
  return (parts.at(-1)?.toLowerCase() === 'images' ? parts.at(-2) : parts.at(-1)) ?? path;
}
