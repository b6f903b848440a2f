import type { ClassId } from '../labels/classTable.ts';
import { classId } from '../labels/classTable.ts';
import type { ClassMap } from '../mask/classMap.ts';
import { connectedRuns, rootOf, type Runs } from '../mask/components.ts';
import { assertSameSize } from '../mask/outline.ts';
import { foldSpecks } from './foldSpecks.ts';
import { createRegion, type Region } from './region.ts';
import type { Confidence } from './regionConfidence.ts';

/** A region on which teacher and student say different things: one class each, specks apart. */
export interface Dispute extends Region {
  /** What each says of all of it, or of all but the specks that were folded into it. */
  readonly teacherClass: ClassId;
  readonly studentClass: ClassId;
  /** What each says of each run: other classes than the above only in folded specks. Length runs.length / 3. */
  readonly teacherIds: Uint16Array;
  readonly studentIds: Uint16Array;
  /** How sure each model is of itself here; null where that is not known. */
  readonly teacher: Confidence | null;
  readonly student: Confidence | null;
  /** area x confidence margin, the mean of both models'; the area where the margins are not known. */
  readonly rank: number;
}

export interface DisputeInput {
  /** Both in one class table. */
  readonly teacher: ClassMap;
  readonly student: ClassMap;
  /** Disputes of fewer pixels are folded into their neighbours; 0 and 1 fold nothing. */
  readonly smallest: number;
  readonly confidence?: {
    readonly teacher: (region: Region) => Confidence;
    readonly student: (region: Region) => Confidence;
  };
}

/**
 * Where two class maps of one picture differ: contiguous regions (corners touch) of one teacher class and one
 * student class, the highest rank first. A region of fewer than `smallest` pixels becomes part of the dispute that
 * it has the longest border with; one that touches no other dispute is no dispute.
 * Throws `mask.size` for maps of different sizes.
 */
export function findDisputes({ teacher, student, smallest, confidence }: DisputeInput): Dispute[] {
  assertSameSize(teacher, student);
  const { map, pairs } = pairMap(teacher, student);
  const runs = connectedRuns(map, { connectivity: 8, background: 0 });
  const roots = Uint32Array.from(runs.start, (_, run) => rootOf(runs.parent, run));
  const owners = smallest > 1 ? foldSpecks(runs, roots, smallest) : roots;
  const disputes = gather(runs, owners).map(({ owner, members }) => {
    const region = createRegion(flatRuns(runs, members));
    const sides = confidence && { teacher: confidence.teacher(region), student: confidence.student(region) };
    const margin = sides ? (sides.teacher.margin + sides.student.margin) / 2 : 1;
    const pair = pairs[runs.id[owner]!]!;
    return {
      ...region,
      teacherClass: classId(pair.teacher),
      studentClass: classId(pair.student),
      teacherIds: Uint16Array.from(members, (run) => pairs[runs.id[run]!]!.teacher),
      studentIds: Uint16Array.from(members, (run) => pairs[runs.id[run]!]!.student),
      teacher: sides?.teacher ?? null,
      student: sides?.student ?? null,
      rank: region.area * margin,
    };
  });
  // Equal ranks in the order of the rows: the same maps always give the same list.
  return disputes.sort((a, b) => b.rank - a.rank);
}

interface Pair {
  readonly teacher: number;
  readonly student: number;
}

/** A class map whose ids are pairs of classes: 0 where both say the same. */
function pairMap(teacher: ClassMap, student: ClassMap): { map: ClassMap; pairs: readonly Pair[] } {
  const { width, height } = teacher;
  const ids = new Uint16Array(width * height);
  const pairs: Pair[] = [{ teacher: 0, student: 0 }];
  const numbers = new Map<number, number>();
  let lastKey = -1;
  let lastNumber = 0;
  for (let n = 0; n < ids.length; n++) {
    const t = teacher.ids[n]!;
    const s = student.ids[n]!;
    if (t === s) continue;
    const key = t * 65536 + s;
    if (key !== lastKey) {
      let number = numbers.get(key);
      if (number === undefined) {
        number = pairs.length;
        pairs.push({ teacher: t, student: s });
        numbers.set(key, number);
      }
      lastKey = key;
      lastNumber = number;
    }
    ids[n] = lastNumber;
  }
  return { map: { width, height, ids }, pairs };
}

/** The runs of each region, in row-major order, regions by their first run; -1 owns runs that are no dispute. */
function gather(runs: Runs, owners: Int32Array | Uint32Array): { owner: number; members: number[] }[] {
  const regions = new Map<number, number[]>();
  for (let run = 0; run < runs.count; run++) {
    const owner = owners[run]!;
    if (owner < 0) continue;
    const members = regions.get(owner);
    if (members) members.push(run);
    else regions.set(owner, [run]);
  }
  return [...regions].map(([owner, members]) => ({ owner, members }));
}

function flatRuns(runs: Runs, members: readonly number[]): Int32Array {
  const flat = new Int32Array(members.length * 3);
  let y = 0;
  members.forEach((run, index) => {
    while (run >= runs.firstOfRow[y + 1]!) y++;
    flat[index * 3] = y;
    flat[index * 3 + 1] = runs.start[run]!;
    flat[index * 3 + 2] = runs.end[run]!;
  });
  return flat;
}
