import type { ClassIds } from '#core/mask/classMap.ts';

/** Ids copied before the window gets its turn again: a few milliseconds, the new memory's pages included. */
const AT_ONCE = 1 << 22;

/** A copy of its own, made over several turns where it is large, so that no frame waits for it. */
export async function copyIds(ids: ClassIds): Promise<Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>> {
  if (ids.length <= AT_ONCE) return ids.slice();
  const copy = ids instanceof Uint16Array ? new Uint16Array(ids.length) : new Uint8Array(ids.length);
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    copy.set(ids.subarray(from, from + AT_ONCE), from);
    await new Promise((resolve) => setTimeout(resolve));
  }
  return copy;
}
