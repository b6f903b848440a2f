import type { PixelRect } from '#core/geometry.ts';
import type { ClassTable } from '#core/labels/classTable.ts';
import type { ClassMap } from '#core/mask/classMap.ts';

interface LayerBase {
  /** The same key keeps its canvas; other content under the same key repaints it. */
  readonly key: string;
  /** 0 to 1. */
  readonly opacity: number;
  /** Only this part of the stage, 0 to 1 of its width. */
  readonly clip?: { readonly from: number; readonly to: number };
}

/** A class map as a stage draws it. Its ids are read when it is drawn and never read back. */
export interface ClassMapLayer extends LayerBase {
  readonly kind: 'classes';
  readonly map: ClassMap;
  readonly table: ClassTable;
  readonly style: 'fill' | 'outline';
  /** Ids that are not drawn. */
  readonly hidden: ReadonlySet<number>;
  /** Calls back with every rectangle of the map that changed; returns the function that stops it. */
  readonly subscribe?: (listener: (rect: PixelRect) => void) => () => void;
}

/** Where two class maps with the same class table disagree. */
export interface DifferenceLayer extends LayerBase {
  readonly kind: 'difference';
  readonly map: ClassMap;
  readonly student: ClassMap;
  readonly ignoreId: number;
  /** Only claims of this class, null for all. */
  readonly only: number | null;
}

export type StageLayer = ClassMapLayer | DifferenceLayer;
