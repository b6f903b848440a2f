import { clipRect, type PixelRect } from '../geometry.ts';
import type { ClassTable } from '../labels/classTable.ts';
import type { Rgb } from '../labels/rgb.ts';
import { ProblemError } from '../problem.ts';
import { alphaOf, classColours, packRgba } from './classColours.ts';
import type { ClassMap } from './classMap.ts';
import { assertSameSize } from './outline.ts';

/** Where a picture of class maps goes. Pixels are RGBA, 8 bits, not premultiplied, as ImageData has them. */
export interface ColouriseTarget {
  /** The pixels of the class map to be drawn, clipped to it. Default: all of them. */
  readonly rect?: PixelRect;
  /**
   * The part of the class map that `out` holds, row-major: out.length is outRect.width * outRect.height * 4.
   * Default: `rect` (clipped), so that `out` is just the dirty rectangle, for putImageData(image, rect.x, rect.y).
   */
  readonly outRect?: PixelRect;
  /** 0 to 1. Default: 1. */
  readonly opacity?: number;
}

/** Okabe and Ito's orange and sky blue: apart for every kind of colour vision, and on grey. */
export const TEACHER_CLAIM: Rgb = [230, 159, 0];
export const STUDENT_CLAIM: Rgb = [86, 180, 233];

export interface DifferenceOptions extends ColouriseTarget {
  /**
   * How the teacher's claim to a disputed pixel looks: one colour, the colours of its class, or null for not
   * at all. Default: TEACHER_CLAIM.
   */
  readonly teacher?: Rgb | ClassTable | null;
  /** The same for the student. Default: STUDENT_CLAIM. */
  readonly student?: Rgb | ClassTable | null;
  /** Only claims of these classes: where the teacher says one of them and the student does not, or vice versa. */
  readonly only?: ReadonlySet<number>;
  /** This id claims nothing. */
  readonly ignoreId?: number;
  /** Width of the stripes where both claims show, in pixels. Default: 4. */
  readonly stripe?: number;
}

/**
 * Draws the pixels on which two class maps disagree, and nothing else (transparent).
 * A disputed pixel is claimed by both. Where both claims show they alternate in diagonal stripes, fixed to
 * the picture, so that neither colour hides the other: one picture for both. For two pictures side by side
 * pass `student: null` on the teacher's side and `teacher: null` on the student's. With `only`, say the class
 * under the cursor, each disputed pixel has a single claimant: the teacher's colour is then "teacher says
 * road, student does not", and the stripes vanish.
 * Throws `mask.size`, `colourise.size`.
 */
export function colouriseDifference(
  teacher: ClassMap,
  student: ClassMap,
  out: Uint8ClampedArray,
  options: DifferenceOptions = {},
): void {
  assertSameSize(teacher, student);
  const { only, ignoreId = -1, stripe = 4 } = options;
  const alpha = alphaOf(options.opacity);
  const teacherColour = claimColour(options.teacher === undefined ? TEACHER_CLAIM : options.teacher, alpha);
  const studentColour = claimColour(options.student === undefined ? STUDENT_CLAIM : options.student, alpha);
  const claims = (id: number) => id !== ignoreId && (only === undefined || only.has(id));
  forEachRow(teacher, out, options, (pixels, at, start, end) => {
    for (let n = start; n < end; n++, at++) {
      const teacherId = teacher.ids[n]!;
      const studentId = student.ids[n]!;
      pixels[at] = 0;
      if (teacherId === studentId) continue;
      const byTeacher = teacherColour && claims(teacherId) ? teacherColour(teacherId) : 0;
      const byStudent = studentColour && claims(studentId) ? studentColour(studentId) : 0;
      if (byTeacher !== 0 && byStudent !== 0) {
        const diagonal = Math.floor(n / teacher.width) + (n % teacher.width);
        pixels[at] = Math.floor(diagonal / stripe) % 2 === 0 ? byTeacher : byStudent;
      } else {
        pixels[at] = byTeacher || byStudent;
      }
    }
  });
}

function claimColour(look: Rgb | ClassTable | null, alpha: number): ((id: number) => number) | null {
  if (look === null) return null;
  if ('classes' in look) {
    const lookup = classColours(look, { opacity: alpha / 255 });
    return (id) => lookup[id]!;
  }
  const colour = packRgba(look, alpha);
  return () => colour;
}

/** Calls `draw` with the index of the row's first pixel in `pixels` and the row's range of the class map. */
function forEachRow(
  { width, height }: ClassMap,
  out: Uint8ClampedArray,
  options: ColouriseTarget,
  draw: (pixels: Uint32Array, at: number, start: number, end: number) => void,
): void {
  const rect = clipRect(options.rect ?? { x: 0, y: 0, width, height }, width, height);
  if (!rect) return;
  const outRect = options.outRect ?? rect;
  if (out.length !== outRect.width * outRect.height * 4) {
    throw new ProblemError({
      code: 'colourise.size',
      title: `${out.length} bytes are not the RGBA of ${outRect.width} x ${outRect.height} pixels`,
    });
  }
  const inside =
    rect.x >= outRect.x &&
    rect.y >= outRect.y &&
    rect.x + rect.width <= outRect.x + outRect.width &&
    rect.y + rect.height <= outRect.y + outRect.height;
  if (!inside) {
    throw new ProblemError({
      code: 'colourise.size',
      title: `the rectangle ${describe(rect)} is not inside ${describe(outRect)}`,
    });
  }
  const pixels = new Uint32Array(out.buffer, out.byteOffset, out.length / 4);
  for (let y = rect.y; y < rect.y + rect.height; y++) {
    const start = y * width + rect.x;
    draw(pixels, (y - outRect.y) * outRect.width + rect.x - outRect.x, start, start + rect.width);
  }
}

function describe({ x, y, width, height }: PixelRect): string {
  return `${width} x ${height} at ${x}, ${y}`;
}
