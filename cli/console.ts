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

interface Progress {
  /** One more is done. */
  step(name: string): void;
  /** `count` are done. */
  at(count: number, name: string): void;
  end(): void;
}

/**
 * A counter that rewrites its line on a terminal, and in a log prints a line about every tenth of the way.
 */
export function createProgress(verb: string, total: number): Progress {
  let done = 0;
  let printed = -1;
  const live = process.stderr.isTTY;
  return {
    step(name) {
      this.at(done + 1, name);
    },
    at(count, name) {
      done = count;
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
