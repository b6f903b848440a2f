import type { ClassMap } from '#core/mask/classMap.ts';
import { seededRandom } from '#core/mask/seededRandom.ts';

/** What two models would say of a picture, with errors that were put there. */
export interface PlantedMaps {
  readonly teacher: ClassMap;
  readonly student: ClassMap;
}

/** Who is wrong in the patches of one picture. */
const PATCHES = ['teacher', 'teacher', 'teacher', 'student', 'student', 'student', 'both', 'agreed'] as const;
const SPECKS = 24;
/** Half axes of a patch, in pixels of a picture 480 wide. */
const SMALLEST = 12;
const LARGEST = 46;
const SPECK = 3;

/**
 * The truth with errors: per picture three patches where the teacher says another class, three where the student
 * does, one where both do but not the same, one where both say the same wrong class (which no comparison of the
 * two can find), and specks of a few pixels. A patch is a ragged blob within one class of the truth, so that it
 * ends at the borders of what is in the picture, and gets a class that lies near it.
 */
export function plantErrors(truth: ClassMap, seed: number): PlantedMaps {
  const random = seededRandom(seed);
  const teacher = { ...truth, ids: truth.ids.slice() };
  const student = { ...truth, ids: truth.ids.slice() };
  const unit = truth.width / 480;
  for (const who of PATCHES) {
    const { pixels, others } = findPatch(truth, random, SMALLEST * unit, LARGEST * unit);
    const [first, second] = others;
    if (first === undefined) continue;
    if (who !== 'student') for (const n of pixels) teacher.ids[n] = first;
    if (who === 'student' || who === 'agreed') for (const n of pixels) student.ids[n] = first;
    if (who === 'both') for (const n of pixels) student.ids[n] = second ?? (first === 0 ? 1 : 0);
  }
  for (let speck = 0; speck < SPECKS; speck++) {
    const { pixels, others } = findPatch(truth, random, 1, SPECK * unit);
    const { ids } = speck % 2 === 0 ? teacher : student;
    if (others[0] !== undefined) for (const n of pixels) ids[n] = others[0];
  }
  return { teacher, student };
}

interface Patch {
  readonly pixels: readonly number[];
  /** The other classes in and around it, the most frequent first. */
  readonly others: readonly number[];
}

/** A ragged ellipse around a random pixel, as far as it has that pixel's class; tried until it has some size. */
function findPatch(truth: ClassMap, random: () => number, least: number, most: number): Patch {
  for (let attempt = 0; ; attempt++) {
    const patch = drawPatch(
      truth,
      random,
      least + random() * (most - least),
      least + random() * (most - least),
    );
    if (attempt === 200 || (patch.others.length > 0 && patch.pixels.length >= least * least)) return patch;
  }
}

function drawPatch(truth: ClassMap, random: () => number, radiusX: number, radiusY: number): Patch {
  const { width, height, ids } = truth;
  const centreX = random() * width;
  const centreY = random() * height;
  const own = ids[Math.floor(centreY) * width + Math.floor(centreX)];
  const waves = [random() * 6.28, random() * 6.28, random() * 6.28];
  const pixels: number[] = [];
  const near = new Map<number, number>();
  const reach = 1.6;
  for (let y = Math.floor(centreY - radiusY * reach); y <= centreY + radiusY * reach; y++) {
    for (let x = Math.floor(centreX - radiusX * reach); x <= centreX + radiusX * reach; x++) {
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      const dx = (x + 0.5 - centreX) / radiusX;
      const dy = (y + 0.5 - centreY) / radiusY;
      const angle = Math.atan2(dy, dx);
      const ragged = waves.reduce((sum, wave, index) => sum + Math.sin(angle * (index + 2) + wave) * 0.12, 1);
      const distance = Math.hypot(dx, dy);
      const n = y * width + x;
      if (ids[n] !== own) near.set(ids[n]!, (near.get(ids[n]!) ?? 0) + 1);
      else if (distance <= ragged) pixels.push(n);
    }
  }
  return { pixels, others: [...near].sort((a, b) => b[1] - a[1]).map(([id]) => id) };
}
