/** How one part of the tests ended. */
export interface PartResult {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
  /** What failed, or passed only when it was tried again: a line each. */
  readonly named?: readonly string[];
}

/** `12 passed, 0 failed`: the last line of every test command, which .ci/run adds up. */
export function countsLine(results: readonly Pick<PartResult, 'passed' | 'failed'>[]): string {
  const sum = (key: 'passed' | 'failed') => results.reduce((total, result) => total + result[key], 0);
  return `${sum('passed')} passed, ${sum('failed')} failed`;
}

/** One line per part, its columns aligned, and below it what failed there. */
export function summaryLines(results: readonly PartResult[]): string[] {
  const width = Math.max(...results.map(({ name }) => name.length));
  return results.flatMap(({ name, passed, failed, skipped, seconds, named = [] }) => {
    const counts = `${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed ${String(skipped).padStart(4)} skipped`;
    const line = `${failed > 0 ? 'FAILED' : 'ok    '}  ${name.padEnd(width)} ${counts}  ${seconds.toFixed(1).padStart(6)} s`;
    return [line, ...named.map((one) => `        ${one}`)];
  });
}

export type Counts = Pick<PartResult, 'passed' | 'failed' | 'skipped' | 'named'>;

/** A runner that left no report, or ended badly though its report has no failure, is one failure. */
export function holdToExitCode(counts: Counts | null, exitCode: number): Counts {
  if (!counts) return { passed: 0, failed: exitCode === 0 ? 0 : 1, skipped: 0 };
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** vitest's JSON report. A file that does not load has no tests in it and is one failure. */
export function countVitest(report: {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests?: number;
  testResults: readonly {
    name: string;
    status: string;
    assertionResults: readonly { fullName: string; status: string }[];
  }[];
}): Counts {
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  const failed = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName }) => `failed: ${name}: ${fullName}`),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
    named: [...unloaded.map(({ name }) => `failed to load: ${name}`), ...failed],
  };
}

interface PlaywrightSuite {
  readonly suites?: readonly PlaywrightSuite[];
  readonly specs?: readonly {
    readonly title: string;
    readonly file: string;
    readonly tests: readonly {
      readonly status: string;
      readonly results: readonly { readonly error?: { readonly message?: string } }[];
    }[];
  }[];
}

/** Playwright's JSON report. A test that passed only when it was tried again counts as passed, and is named. */
export function countPlaywright(report: {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  errors?: readonly unknown[];
  suites?: readonly PlaywrightSuite[];
}): Counts {
  const { expected, unexpected, flaky, skipped } = report.stats;
  return {
    passed: expected + flaky,
    failed: unexpected + (report.errors?.length ?? 0),
    skipped,
    named: (report.suites ?? []).flatMap(namedInSuite),
  };
}

const PLAYWRIGHT_WORDS: Readonly<Record<string, string>> = {
  unexpected: 'failed',
  flaky: 'passed only when tried again',
};

function namedInSuite({ suites = [], specs = [] }: PlaywrightSuite): string[] {
  const own = specs.flatMap(({ title, file, tests }) =>
    tests.flatMap(({ status, results }) => {
      const word = PLAYWRIGHT_WORDS[status];
      const why = results.find(({ error }) => error)?.error?.message?.split('\n')[0];
      return word === undefined ? [] : [`${word}: ${file}: ${title}${why === undefined ? '' : `: ${why}`}`];
    }),
  );
  return [...own, ...suites.flatMap(namedInSuite)];
}

/** pytest's JUnit XML. Errors of collection and of fixtures are failures. */
export function countJunit(xml: string): Counts | null {
  const suite = /<testsuite\b[^>]*>/.exec(xml)?.[0];
  if (suite === undefined) return null;
  const attribute = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = attribute('failures') + attribute('errors');
  const skipped = attribute('skipped');
  const cases = xml.matchAll(/<testcase classname="([^"]*)" name="([^"]*)"[^>]*>\s*<(?:failure|error)\b/g);
  return {
    passed: attribute('tests') - failed - skipped,
    failed,
    skipped,
    named: Array.from(cases, ([, file, name]) => `failed: ${file}: ${name}`),
  };
}
