import { InvalidArgumentError } from 'commander';

export interface Size {
  readonly height: number;
  readonly width: number;
}

/** `512x1024`: height by width, as papers write it. Throws commander's InvalidArgumentError. */
export function parseSize(text: string): Size {
  const [, height, width] = /^(\d{1,5})x(\d{1,5})$/.exec(text) ?? [];
  const size = { height: Number(height), width: Number(width) };
  if (size.height > 0 && size.width > 0) return size;
  throw new InvalidArgumentError(
    `"${text}" is not a size. Write height x width in pixels, for example 360x480.`,
  );
}
