import { readdir } from 'node:fs/promises';
import { findPython } from './pythonEnvironment.ts';
import { inRepository } from './repository.ts';
import { runPart } from './testPart.ts';
import { countJunit, type PartResult } from './testSummary.ts';

export interface PytestPart {
  readonly name: string;
  /** Folder with requirements*.txt, without-dependencies.txt and apart-*.txt, relative to the root. */
  readonly requirementsIn: string;
  /** Where pytest runs, relative to the root. */
  readonly cwd: string;
  /** For pytest: the tests, then what the user gave. */
  readonly args: readonly string[];
}

/** Runs tests in Python. Never throws: what keeps them from running is one failure. */
export async function runPytest(part: PytestPart): Promise<PartResult> {
  const report = `.cache/reports/${part.name}.xml`;
  try {
    const files = await readdir(inRepository(part.requirementsIn));
    const named = (pattern: RegExp) =>
      files
        .filter((name) => pattern.test(name))
        .sort()
        .map((name) => `${part.requirementsIn}/${name}`);
    const requirements = named(/^requirements.*\.txt$/);
    const python = await findPython(part.name, requirements, (line) => console.log(line), {
      alone: named(/^without-dependencies\.txt$/),
      apart: named(/^apart-.+\.txt$/),
    });
    return await runPart({
      name: part.name,
      command: python,
      args: ['-m', 'pytest', '-q', `--junitxml=${inRepository(report)}`, ...part.args],
      options: { cwd: inRepository(part.cwd) },
      report: { path: report, count: countJunit },
    });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return { name: part.name, passed: 0, failed: 1, skipped: 0, seconds: 0 };
  }
}
