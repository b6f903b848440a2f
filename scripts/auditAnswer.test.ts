import { expect, it } from 'vitest';
import { auditAnswer } from './auditAnswer.ts';

const answer = (vulnerabilities: object, total: number) =>
  JSON.stringify({ auditReportVersion: 2, vulnerabilities, metadata: { vulnerabilities: { total } } });

it('tells a clean answer from a bad one', () => {
  expect(auditAnswer(answer({}, 0))).toEqual({ kind: 'clean' });
  expect(auditAnswer(answer({ konva: { severity: 'high' } }, 1))).toEqual({
    kind: 'vulnerable',
    packages: ['konva: high'],
  });
});

it.each([
  ['a registry without audits', '{"message":"405 Method Not Allowed","error":{"code":"E405"}}'],
  ['no network', '{"error":{"code":"ENOTFOUND"}}'],
  ['no answer at all', ''],
  ['a web page', '<html>'],
])('%s is no answer, and never a clean one', (_, output) => {
  expect(auditAnswer(output)).toEqual({ kind: 'unanswered' });
});
