import { useEffect, useMemo, useRef, useState } from 'react';
import { regionEdges } from '#core/disputes/region.ts';
import type { OverlayShape } from '../../store/stageTool.ts';
import { useDisputes } from '../../store/useDisputes.ts';
import { useProject } from '../../store/useProject.ts';

/** Strong, gone, then quiet: one blink. */
const STRONG_MS = 260;
const GONE_MS = 180;

type Phase = 'strong' | 'gone' | 'quiet';

const NOTHING: readonly OverlayShape[] = [];

/** The outline of the selected dispute of the chosen image: it blinks once when it is jumped to. */
export function useDisputeHighlight(): readonly OverlayShape[] {
  const imageId = useProject((state) => state.imageId);
  const dispute = useDisputes(({ selected }) => (selected?.imageId === imageId ? selected.dispute : null));
  const jumps = useDisputes((state) => state.jumps);
  const phase = useBlink(jumps);
  const lines = useMemo(() => dispute && regionEdges(dispute), [dispute]);
  return useMemo(() => {
    if (!lines || phase === 'gone') return NOTHING;
    return [{ kind: 'edges', lines, strong: phase === 'strong' }];
  }, [lines, phase]);
}

/** Where the blink of the latest jump is; no blink for people who want less motion. */
function useBlink(jumps: number): Phase {
  const atMount = useRef(jumps);
  const [reached, setReached] = useState<{ jump: number; phase: Phase }>({ jump: jumps, phase: 'quiet' });
  useEffect(() => {
    if (jumps === atMount.current) return;
    const gone = setTimeout(() => setReached({ jump: jumps, phase: 'gone' }), STRONG_MS);
    const quiet = setTimeout(() => setReached({ jump: jumps, phase: 'quiet' }), STRONG_MS + GONE_MS);
    return () => {
      clearTimeout(gone);
      clearTimeout(quiet);
    };
  }, [jumps]);
  if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) return 'quiet';
  return reached.jump === jumps ? reached.phase : 'strong';
}
