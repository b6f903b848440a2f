import { useMemo } from 'react';
import { useInspected } from '../../store/useInspected.ts';
import { useProject } from '../../store/useProject.ts';
import type { OverlayShape } from '../../store/stageTool.ts';

const NOTHING: readonly OverlayShape[] = [];

/** The regions of the image that is looked at from Evaluate: their borders, or a frame around where it is. */
export function useInspectedShapes(): readonly OverlayShape[] {
  const inspected = useInspected((state) => state.inspected);
  const at = useInspected((state) => state.at);
  const imageId = useProject((state) => state.imageId);
  return useMemo(() => {
    if (inspected?.imageId !== imageId) return NOTHING;
    return inspected.regions.map(({ rect, lines }, index): OverlayShape =>
      lines ? { kind: 'edges', lines, strong: index === at } : { kind: 'rect', rect },
    );
  }, [inspected, at, imageId]);
}
