import { expect, it } from 'vitest';
import {
  countJunit,
  countPlaywright,
  countsLine,
  countVitest,
  holdToExitCode,
  summaryLines,
} from './testSummary.ts';

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

it('counts a test file that does not load, and names what failed', () => {
  const report = {
    numPassedTests: 3,
    numFailedTests: 1,
    numPendingTests: 1,
    testResults: [
      { name: 'a.test.ts', status: 'failed', assertionResults: [] },
      { name: 'b.test.ts', status: 'failed', assertionResults: [{ fullName: 'adds', status: 'failed' }] },
      { name: 'c.test.ts', status: 'passed', assertionResults: [{ fullName: 'draws', status: 'passed' }] },
    ],
  };
  expect(countVitest(report)).toEqual({
    passed: 3,
    failed: 2,
    skipped: 1,
    named: ['failed to load: a.test.ts', 'failed: b.test.ts: adds'],
  });
});

it('reads the report of Playwright', () => {
  const stats = { expected: 5, unexpected: 1, flaky: 1, skipped: 2 };
  const spec = (title: string, status: string, messages: readonly string[]) => ({
    title,
    file: 'a.spec.ts',
    tests: [{ status, results: messages.map((message) => ({ error: { message } })) }],
  });
  const suites = [
    {
      specs: [spec('paints', 'expected', [])],
      suites: [{ specs: [spec('saves', 'flaky', ['late\nat 3'])] }],
    },
    { specs: [spec('opens', 'unexpected', ['gone', 'gone again'])] },
  ];
  expect(countPlaywright({ stats, errors: [], suites })).toEqual({
    passed: 6,
    failed: 1,
    skipped: 2,
    named: ['passed only when tried again: a.spec.ts: saves: late', 'failed: a.spec.ts: opens: gone'],
  });
});

it('reads the report of pytest', () => {
  const cases =
    '<testcase classname="tests.a" name="adds" time="0.1" /><testcase classname="tests.a" name="fits" time="0.1"><failure message="no">x</failure></testcase>';
  const xml = `<testsuites name="x"><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="1.2">${cases}`;
  expect(countJunit(xml)).toEqual({ passed: 4, failed: 3, skipped: 3, named: ['failed: tests.a: fits'] });
  expect(countJunit('no xml')).toBeNull();
});

it('names below a part what failed there', () => {
  const part = { name: 'unit', passed: 1, failed: 1, skipped: 0, seconds: 2, named: ['failed: a: b'] };
  expect(summaryLines([part])[1]).toBe('        failed: a: b');
});
