import { readFile } from 'node:fs/promises';
import { parseReport, type EvaluationReport } from '#core/report/evaluationReport.ts';
import { unreadable } from './fileProblem.ts';

/** Reads a report.json. Throws ProblemError `report.unreadable`, or as parseReport. */
export async function readReport(path: string): Promise<EvaluationReport> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw unreadable('report.unreadable', path, error);
  });
  return parseReport(text, path);
}
