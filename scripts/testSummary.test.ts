import { expect, it } from 'vitest';
import { countJunit, countPlaywright, countsLine, countVitest, holdToExitCode } from './testSummary.ts';

it('adds up parts', () => {
  expect(
    countsLine([
      { passed: 3, failed: 0 },
      { passed: 4, failed: 2 },
    ]),
  ).toBe('7 passed, 2 failed');
});

it('counts a bad end as a failure, also without a report', () => {
  expect(holdToExitCode(null, 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(holdToExitCode({ passed: 5, failed: 0, skipped: 1 }, 1)).toEqual({
    passed: 5,
    failed: 1,
    skipped: 1,
  });
  expect(holdToExitCode({ passed: 5, failed: 2, skipped: 0 }, 1).failed).toBe(2);
  expect(holdToExitCode({ passed: 5, failed: 0, skipped: 0 }, 0).failed).toBe(0);
});

it('counts a test file that does not load', () => {
  const report = {
    numPassedTests: 3,
    numFailedTests: 1,
    numPendingTests: 1,
    testResults: [
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [{}] },
      { status: 'passed', assertionResults: [{}] },
    ],
  };
  expect(countVitest(report)).toEqual({ passed: 3, failed: 2, skipped: 1 });
});

it('reads the reports of Playwright and pytest', () => {
  const stats = { expected: 5, unexpected: 1, flaky: 1, skipped: 2 };
  expect(countPlaywright({ stats, errors: [] })).toEqual({ passed: 6, failed: 1, skipped: 2 });
  const xml =
    '<testsuites name="x"><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="1.2">';
  expect(countJunit(xml)).toEqual({ passed: 4, failed: 3, skipped: 3 });
  expect(countJunit('no xml')).toBeNull();
});
