import type { ClassMap } from '#core/mask/classMap.ts';

/** Share of pixels with the same class, 0 to 1; 0 for maps of different sizes. */
export function equalShare(a: ClassMap, b: ClassMap): number {
  if (a.ids.length !== b.ids.length) return 0;
  let equal = 0;
  for (let index = 0; index < a.ids.length; index++) if (a.ids[index] === b.ids[index]) equal++;
  return equal / a.ids.length;
}
