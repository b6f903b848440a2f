import { corruptImage } from '../headers/imageProblems.ts';
import type { RgbaImage } from '../rgbaImage.ts';
import type { PngSamples } from './decodePng.ts';

/**
 * A decoded PNG as stored (before EXIF orientation), 8 bits per channel: 16-bit samples lose their low byte,
 * fewer than 8 bits are stretched to 0..255. Gamma and colour profiles are not applied.
 */
export function pngToRgba(png: PngSamples, subject: string): RgbaImage {
  const data = new Uint8ClampedArray(png.width * png.height * 4);
  if (png.colourType === 3) paintPalette(png, data, subject);
  else paintDirect(png, data);
  return { width: png.width, height: png.height, data };
}

function paintPalette(png: PngSamples, data: Uint8ClampedArray, subject: string): void {
  const { samples, palette, transparency } = png;
  const colours = Math.floor(palette.length / 3);
  for (let pixel = 0; pixel < samples.length; pixel++) {
    const index = samples[pixel]!;
    if (index >= colours) {
      throw corruptImage(subject, 'PNG', `palette index ${index}, but only ${colours} colours`);
    }
    data[pixel * 4] = palette[index * 3]!;
    data[pixel * 4 + 1] = palette[index * 3 + 1]!;
    data[pixel * 4 + 2] = palette[index * 3 + 2]!;
    data[pixel * 4 + 3] = transparency[index] ?? 255;
  }
}

function paintDirect(png: PngSamples, data: Uint8ClampedArray): void {
  const { samples, channels, header, colourType } = png;
  const { bitDepth } = header;
  const shift = bitDepth === 16 ? 8 : 0;
  const stretch = bitDepth < 8 ? 255 / ((1 << bitDepth) - 1) : 1;
  const green = channels >= 3 ? 1 : 0;
  const blue = channels >= 3 ? 2 : 0;
  const alpha = channels === 2 ? 1 : channels === 4 ? 3 : -1;
  const hidden = colourType === 0 || colourType === 2 ? hiddenColour(png) : null;
  const pixels = png.width * png.height;
  for (let pixel = 0, source = 0, target = 0; pixel < pixels; pixel++, source += channels, target += 4) {
    const red = samples[source]!;
    data[target] = (red >> shift) * stretch;
    data[target + 1] = (samples[source + green]! >> shift) * stretch;
    data[target + 2] = (samples[source + blue]! >> shift) * stretch;
    if (alpha >= 0) data[target + 3] = samples[source + alpha]! >> shift;
    else {
      const transparent =
        hidden !== null &&
        red === hidden[0] &&
        samples[source + green] === hidden[green] &&
        samples[source + blue] === hidden[blue];
      data[target + 3] = transparent ? 0 : 255;
    }
  }
}

/** The one colour that tRNS makes transparent, in stored samples. */
function hiddenColour({ transparency, channels }: PngSamples): readonly number[] | null {
  if (transparency.length < channels * 2) return null;
  return Array.from(
    { length: channels },
    (_, channel) => (transparency[channel * 2]! << 8) | transparency[channel * 2 + 1]!,
  );
}
