import { useMemo } from 'react';
import { HEAT_TABLE } from '#core/imaging/heatMap.ts';
import type { StageLayer } from '../../store/stageLayer.ts';
import { useHeat } from '../../store/useHeat.ts';
import { useProject } from '../../store/useProject.ts';
import { useView } from '../../store/useView.ts';

const OPACITY = 0.8;
/** The picture is seen where nothing differs. */
const HIDDEN: ReadonlySet<number> = new Set([0]);
const NO_LAYERS: readonly StageLayer[] = [];

/** What is drawn over the grey picture in place of classes; null: no heat layer is wanted. */
export function useHeatLayer(): readonly StageLayer[] | null {
  const source = useHeat((state) => state.source);
  const heat = useHeat((state) => state.heat);
  const imageId = useHeat((state) => state.imageId);
  const shown = useProject((state) => state.imageId);
  const peeking = useView((state) => state.peeking);
  return useMemo(() => {
    if (source === 'off') return null;
    if (!heat || imageId !== shown || peeking) return NO_LAYERS;
    const { levels } = heat;
    const layer: StageLayer = {
      kind: 'classes',
      key: 'heat',
      map: levels,
      table: HEAT_TABLE,
      style: 'fill',
      opacity: OPACITY,
      hidden: HIDDEN,
    };
    return [layer];
  }, [source, heat, imageId, shown, peeking]);
}
