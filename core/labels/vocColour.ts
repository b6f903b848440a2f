import type { Rgb } from './rgb.ts';

/** The colour of an id in the Pascal VOC palette: for j = 7..0, bits 0/1/2 of id go to R/G/B bit j. */
export function vocColour(id: number): Rgb {
  let rest = id;
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let bit = 7; bit >= 0; bit--) {
    red |= (rest & 1) << bit;
    green |= ((rest >> 1) & 1) << bit;
    blue |= ((rest >> 2) & 1) << bit;
    rest >>= 3;
  }
  return [red, green, blue];
}
