import { HEADLINES } from '#core/evaluation/evaluationFigures.ts';
import { ProblemError } from '#core/problem.ts';
import { compareReports as compare, type ReportComparison } from '#core/report/compareReports.ts';
import { comparisonPage } from '#core/report/comparisonPage.ts';
import { comparisonNotes, HEADLINE_WORDS } from '#core/report/comparisonRows.ts';
import { figureOr, percent, points } from '#core/report/html.ts';
import { writeFileAtomic } from '../../main/node/atomicFile.ts';
import { readReport } from '../../main/node/readReport.ts';
import { printJson, say } from '../console.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';

export interface CompareReportsOptions {
  /** Paths of two report.json: the earlier one first. */
  readonly compare: readonly string[];
  readonly json: boolean;
  /** A page, too. */
  readonly out?: string;
}

/** `dynaseg report --compare`: what changed from one evaluation to another. */
export async function compareReports(options: CompareReportsOptions): Promise<ExitCode> {
  const [before, after, ...more] = options.compare;
  if (before === undefined || after === undefined || more.length > 0) {
    throw new ProblemError({
      code: 'report.two',
      title: `--compare takes two report.json, not ${options.compare.length}`,
      hint: 'Give the earlier one first',
    });
  }
  const comparison = compare(await readReport(before), await readReport(after));
  if (options.out !== undefined) {
    await writeFileAtomic(options.out, comparisonPage(comparison));
    say(`comparison: ${options.out}`);
  }
  if (options.json) printJson(comparison);
  else process.stdout.write(comparisonText(comparison));
  return EXIT.ok;
}

function comparisonText(comparison: ReportComparison): string {
  const lines = comparisonNotes(comparison).map((note) => `note: ${note}`);
  for (const { label, headlines, milliseconds } of comparison.contestants) {
    lines.push(label);
    for (const name of HEADLINES) {
      const { before, after, difference, sure } = headlines[name];
      const change = `${figureOr(difference, points)} points${sure ? '' : ', within noise'}`;
      lines.push(
        `${HEADLINE_WORDS[name].padEnd(24)}${figureOr(before, percent).padStart(7)}${figureOr(after, percent).padStart(8)}   ${change}`,
      );
    }
    const ms = (value: number) => `${value.toFixed(0)} ms`;
    lines.push(
      `${'per image, median'.padEnd(24)}${figureOr(milliseconds.before, ms).padStart(7)}${figureOr(milliseconds.after, ms).padStart(8)}`,
    );
  }
  return `${lines.join('\n')}\n`;
}
