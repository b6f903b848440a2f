import { flatNames, lastPart, withoutEnding } from './flatNames.ts';
import { maskNames } from './maskNames.ts';

export interface NamedImage {
  readonly id: number;
  /** Path below the image folder. */
  readonly name: string;
}

/**
 * Finds the image that a mask is of: by its path, by its path without ending, by the name that an export without
 * folders gives it, or by its last part where no other image has it. With an ending that no image has, the same again
 * without it.
 */
export class ImageMatcher {
  readonly #byPath = new Map<string, number>();
  readonly #byStem = new Map<string, number | null>();
  readonly #byFlat = new Map<string, number>();
  readonly #byLast = new Map<string, number | null>();

  constructor(images: readonly NamedImage[]) {
    const stems = images.map(({ name }) => withoutEnding(name));
    // As an export names them.
    const flat = flatNames(maskNames(images.map(({ name }) => name)).map(withoutEnding));
    images.forEach(({ id, name }, index) => {
      const unique = (map: Map<string, number | null>, key: string) => map.set(key, map.has(key) ? null : id);
      this.#byPath.set(name, id);
      unique(this.#byStem, stems[index]!);
      this.#byFlat.set(flat[index]!, id);
      unique(this.#byLast, lastPart(stems[index]!));
    });
  }

  /** `name`: the image as a format names it, with or without ending. null: there is none, or more than one. */
  find(name: string): number | null {
    const path = name.replace(/^\.?\//, '');
    return (
      this.#byPath.get(path) ??
      this.#byStem.get(path) ??
      this.#byFlat.get(path) ??
      this.#byLast.get(lastPart(path)) ??
      this.#byStem.get(withoutEnding(path)) ??
      this.#byFlat.get(withoutEnding(path)) ??
      this.#byLast.get(lastPart(withoutEnding(path))) ??
      null
    );
  }
}
