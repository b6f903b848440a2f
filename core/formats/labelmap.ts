import { vocColour } from '../labels/vocColour.ts';
import { ProblemError } from '../problem.ts';
import type { NamedEntry } from './maskFormat.ts';

/*
 * labelmap.txt of CVAT and datumaro: `name:r,g,b:parts:actions`, one class a line.
 */
export const LABELMAP_FILE = 'labelmap.txt';
/** What is no class: CVAT leaves it out, and VOC gives it value 0. */
export const BACKGROUND = 'background';
/** What `--map` and our own masks call pixels that no metric counts. */
export const IGNORE_NAME = 'ignore';

export function writeLabelmap(entries: readonly NamedEntry[]): string {
  const lines = entries.map(
    ({ name, colour }) => `${name.replaceAll(/[:\r\n]/g, ' ')}:${colour.join(',')}::`,
  );
  return `# label:color_rgb:parts:actions\n${lines.join('\n')}\n`;
}

/** Throws `labelmap` with the line that is wrong. A line without colour has the one of its number. */
export function parseLabelmap(lines: readonly string[], subject: string): NamedEntry[] {
  return lines.map((line, index) => {
    const [name = '', colour = ''] = line.split(':');
    const parts = colour === '' ? [...vocColour(index)] : colour.split(',').map(Number);
    const [red = NaN, green = NaN, blue = NaN] = parts;
    const isColour = [red, green, blue].every(
      (value) => Number.isInteger(value) && value >= 0 && value < 256,
    );
    if (name.trim() === '' || parts.length !== 3 || !isColour) {
      throw new ProblemError({
        code: 'labelmap',
        title: `"${line}" is no class`,
        subject,
        hint: 'A line looks like road:128,64,128::',
      });
    }
    return { name: name.trim(), colour: [red, green, blue] };
  });
}
