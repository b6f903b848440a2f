import { useMemo } from 'react';
import type { ClassTable } from '#core/labels/classTable.ts';
import type { ClassMap } from '#core/mask/classMap.ts';
import type { StageLayer } from '../../store/stageLayer.ts';
import { useSettings } from '../../store/useSettings.ts';
import { useView, type LayerMode } from '../../store/useView.ts';

/** The ids of a table that are not drawn now. */
export function useHiddenClasses(table: ClassTable | null): ReadonlySet<number> {
  const hidden = useView((state) => state.hidden);
  const solo = useView((state) => state.solo);
  return useMemo(() => {
    if (solo === null || !table) return hidden;
    return new Set(table.classes.flatMap((entry) => (entry.id === solo ? [] : [entry.id])));
  }, [hidden, solo, table]);
}

/** How opaque a class map is drawn in a mode. */
export function modeOpacity(mode: LayerMode, overlayOpacity: number): number {
  switch (mode) {
    case 'image':
      return 0;
    case 'overlay':
      return overlayOpacity;
    case 'mask':
    case 'outline':
      return 1;
  }
}

export interface ClassMapSource {
  readonly key: string;
  readonly map: ClassMap;
  readonly table: ClassTable;
}

/** A class map as the view's switches want it: filled, over the picture, outlined, or not at all. */
export function useStageLayers(
  source: ClassMapSource | null,
  clip?: { readonly from: number; readonly to: number },
): readonly StageLayer[] {
  const mode = useView((state) => state.layers);
  const peeking = useView((state) => state.peeking);
  const overlayOpacity = useSettings((state) => state.settings.overlayOpacity);
  const hidden = useHiddenClasses(source?.table ?? null);
  const { key, map, table } = source ?? {};
  const from = clip?.from;
  const to = clip?.to;
  return useMemo(() => {
    if (key === undefined || !map || !table) return [];
    const layer: StageLayer = {
      kind: 'classes',
      key,
      map,
      table,
      style: mode === 'outline' ? 'outline' : 'fill',
      opacity: peeking ? 0 : modeOpacity(mode, overlayOpacity),
      hidden,
      clip: from === undefined || to === undefined ? undefined : { from, to },
    };
    return [layer];
  }, [key, map, table, mode, peeking, overlayOpacity, hidden, from, to]);
}
