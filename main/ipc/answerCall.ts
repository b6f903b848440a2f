import { contract, type Method } from '#core/ipc/contract.ts';
import type { Outcome } from '#core/ipc/outcome.ts';
import type { HistoryState } from '#core/ipc/schemas.ts';
import { ProblemError, toProblem, type Problem } from '#core/problem.ts';
import { z } from 'zod';
import type { Handlers, ParsedRequest } from './calls.ts';

export interface AnswerOptions {
  /** Parses the answers too: in development and tests. */
  readonly checkResponses: boolean;
  /** Hears of every failure that is not a ProblemError. */
  readonly log: (message: string) => void;
}

function isMethod(name: unknown): name is Method {
  return typeof name === 'string' && Object.hasOwn(contract, name);
}

/** Parses the request by the contract, calls the handler, and answers with the value or the problem. Never throws. */
export async function answerCall(
  handlers: Handlers,
  method: unknown,
  request: unknown,
  options: AnswerOptions,
): Promise<Outcome<unknown>> {
  if (!isMethod(method)) {
    return failure({ code: 'ipc.unknownMethod', title: `there is no method ${JSON.stringify(method)}` });
  }
  const parsed = contract[method].request.safeParse(request);
  if (!parsed.success) {
    const detail = z.prettifyError(parsed.error);
    return failure({
      code: 'ipc.badRequest',
      title: 'the request does not fit the contract',
      subject: method,
      detail,
    });
  }
  try {
    const handler = handlers[method] as (request: unknown) => unknown;
    const value = await handler(parsed.data);
    if (options.checkResponses) contract[method].response.parse(value);
    return { ok: true, value };
  } catch (error) {
    return { ok: false, problem: problemOf(method, error, options) };
  }
}

/** The same for the one call that the window waits for; null where its handler cannot answer at once. */
export function answerCommit(
  commitNow: (request: ParsedRequest<'mask.commit'>) => HistoryState | null,
  request: unknown,
  options: AnswerOptions,
): Outcome<HistoryState> | null {
  const parsed = contract['mask.commit'].request.safeParse(request);
  // The call that may wait says what is wrong with it.
  if (!parsed.success) return null;
  try {
    const value = commitNow(parsed.data);
    return value && { ok: true, value };
  } catch (error) {
    return { ok: false, problem: problemOf('mask.commit', error, options) };
  }
}

function problemOf(method: Method, error: unknown, options: AnswerOptions): Problem {
  if (!(error instanceof ProblemError)) {
    options.log(`${method}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  return toProblem(error, { code: `${method}.failed`, subject: method });
}

function failure(problem: ConstructorParameters<typeof ProblemError>[0]): Outcome<never> {
  return { ok: false, problem: new ProblemError(problem).problem };
}
