import { formatProblem, type Problem } from '#core/problem.ts';

/** Progress and messages go to stderr, so that stdout carries the result alone. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

export function sayProblem(problem: Problem): void {
  say(`${problem.severity}: ${formatProblem(problem)}`);
}

/** One JSON object on stdout, and nothing else. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/**
 * A counter that rewrites its line on a terminal, and in a log prints a line about every tenth of the way.
 */
export function createProgress(verb: string, total: number): { step(name: string): void; end(): void } {
  let done = 0;
  let printed = -1;
  const live = process.stderr.isTTY;
  return {
    step(name) {
      done += 1;
      if (live) process.stderr.write(`\r\x1b[2K${verb} ${done}/${total} ${name}`);
      const tenth = Math.floor((done / total) * 10);
      if (!live && tenth > printed) {
        printed = tenth;
        say(`${verb} ${done}/${total} ${name}`);
      }
    },
    end() {
      if (live && done > 0) process.stderr.write('\r\x1b[2K');
    },
  };
}
