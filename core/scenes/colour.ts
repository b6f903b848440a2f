/** Light, not code values: 0 black, 1 white on paper, more where it glares. Encoding is a square root. */
export interface Colour {
  readonly r: number;
  readonly g: number;
  readonly b: number;
}

/** From 8-bit code values as a painter would pick them. */
export function rgb(red: number, green: number, blue: number): Colour {
  const square = (value: number): number => (value * value) / 65025;
  return { r: square(red), g: square(green), b: square(blue) };
}

/** `a` at 0, `b` at 1. */
export function mix(a: Colour, b: Colour, t: number): Colour {
  return { r: a.r + (b.r - a.r) * t, g: a.g + (b.g - a.g) * t, b: a.b + (b.b - a.b) * t };
}

/** Brighter or darker. */
export function times(a: Colour, k: number): Colour {
  return { r: a.r * k, g: a.g * k, b: a.b * k };
}
