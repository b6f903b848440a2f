import { vocColour } from '../labels/vocColour.ts';
import { ProblemError } from '../problem.ts';
import type { Rgb } from '../labels/rgb.ts';
import type { DeclaredClasses } from './classesJson.ts';
import type { NamedEntry, OutputFile } from './maskFormat.ts';
import { fullNamesFile, withFullNames, writableNames } from './writableNames.ts';

/*
 * labelmap.txt of CVAT and datumaro: `name:r,g,b:parts:actions`, one class a line.
 */
export const LABELMAP_FILE = 'labelmap.txt';
/** What is no class: CVAT leaves it out, and VOC gives it value 0. */
export const BACKGROUND = 'background';
/** VOC's colour of 255, the border: what is ignored has it in masks of colours, too. */
export const BORDER_COLOUR: Rgb = [224, 224, 192];
/** What `--map` and our own masks call pixels that no metric counts. */
export const IGNORE_NAME = 'ignore';

/** A colon ends the name, and a line that begins with # is a comment. */
const plain = (name: string): string => name.replaceAll(/[:\r\n]/g, ' ').replace(/^[\s#]+/, '');

/** labelmap.txt, and a classes.json where it cannot hold the names. */
export function labelmapFiles(entries: readonly NamedEntry[]): OutputFile[] {
  const names = writableNames(
    entries.map(({ name }) => name),
    plain,
  );
  const lines = entries.map(({ colour }, index) => `${names[index]!}:${colour.join(',')}::`);
  const content = () => `# label:color_rgb:parts:actions\n${lines.join('\n')}\n`;
  return [{ path: LABELMAP_FILE, content }, ...fullNamesFile(entries, plain, LABELMAP_FILE)];
}

/**
 * The classes of a labelmap.txt, by the names of the classes.json beside it where that has them in full.
 * Throws `labelmap` with the line that is wrong. A line without colour has the one of its number.
 */
export function parseLabelmap(
  lines: readonly string[],
  subject: string,
  declared: DeclaredClasses | null,
): readonly NamedEntry[] {
  const entries = lines.map((line, index): NamedEntry => {
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
  return withFullNames(entries, declared, plain);
}
