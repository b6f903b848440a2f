/** Class ids of one picture, row-major. Uint16Array only where the class table needs ids above 255. */
export type ClassIds = Uint8Array | Uint16Array;

export interface ClassMap {
  readonly width: number;
  readonly height: number;
  /** Length width * height. */
  readonly ids: ClassIds;
}

/** An array of `length` ids that can hold `maxId`, filled with `fill`. */
export function createClassIds(length: number, maxId: number, fill = 0): ClassIds {
  const ids = maxId > 255 ? new Uint16Array(length) : new Uint8Array(length);
  return fill === 0 ? ids : ids.fill(fill);
}
