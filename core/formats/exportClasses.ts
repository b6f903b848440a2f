import type { ClassTable } from '../labels/classTable.ts';
import { ProblemError, type Problem } from '../problem.ts';
import { pairClasses, remapBetween, type ClassPair } from './classPairs.ts';
import type { MaskFormat } from './maskFormat.ts';

/** The classes that an export writes, and what of the project's becomes which. */
export interface ExportClasses {
  readonly table: ClassTable;
  /** Null where the format takes the project's classes. */
  readonly remap: Uint16Array | null;
  readonly pairs: readonly ClassPair[];
  readonly problems: readonly Problem[];
}

/** The classes that the masks are written in. Throws `export.classes` for one that the format does not have. */
export function exportClasses(
  format: MaskFormat,
  own: ClassTable,
  map: ReadonlyMap<string, string>,
): ExportClasses {
  const target = format.fixedClasses;
  if (!target) return { table: own, remap: null, pairs: [], problems: [] };
  const pairs = pairClasses(own, target, map);
  const missing = pairs.filter(({ targetId }) => targetId === null).map(({ name }) => name);
  if (missing.length > 0) {
    throw new ProblemError({
      code: 'export.classes',
      title: `it has no class ${missing.join(', ')}`,
      subject: format.title,
      detail: `Its classes are ${target.classes.map(({ name }) => name).join(', ')}`,
      hint: `Say what they are there, or ignore: ${missing.map((name) => `--map "${name}=ignore"`).join(' ')}`,
    });
  }
  return {
    table: target,
    remap: remapBetween(own, target, pairs),
    pairs,
    problems: sharedLabels(pairs, target),
  };
}

function sharedLabels(pairs: readonly ClassPair[], target: ClassTable): Problem[] {
  return target.classes.flatMap(({ id, name }): Problem[] => {
    const sharing = pairs.filter(({ targetId }) => targetId === id).map((pair) => pair.name);
    if (sharing.length < 2) return [];
    return [
      {
        code: 'export.sharedClass',
        severity: 'note',
        title: `${sharing.join(' and ')} become one class there: ${name}`,
        detail: 'Read again, they cannot be told apart',
      },
    ];
  });
}
