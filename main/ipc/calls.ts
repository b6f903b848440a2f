import type { Method, ResponseOf, contract } from '#core/ipc/contract.ts';
import type { z } from 'zod';

/** A request as it is after parsing. */
export type ParsedRequest<M extends Method> = z.output<(typeof contract)[M]['request']>;

/** One function per method. A handler throws ProblemError where it cannot answer; it knows nothing of IPC. */
export type Handlers<M extends Method = Method> = {
  readonly [K in M]: (request: ParsedRequest<K>) => Promise<ResponseOf<K>> | ResponseOf<K>;
};

/** The methods of one group: `mask` for `mask.open`, `mask.commit` and so on. */
export type GroupHandlers<Group extends string> = Handlers<Extract<Method, `${Group}.${string}`>>;
