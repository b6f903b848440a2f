import { create } from 'zustand';
import type { ToolId } from './tool.ts';

interface ToolStoreState {
  readonly toolId: ToolId;
  /** `Idle`, `Painting`, `Placing`. */
  readonly stateName: string;
  /** Points of the open polygon. */
  readonly openPoints: number;
  /** Of the wand in the hand; null while none is tried. */
  readonly triedTolerance: number | null;
  /** How much is done of what takes longer than a moment, 0 to 1; null where nothing does. */
  readonly progress: number | null;
  /** Changes when the overlay did without a pointer event. */
  readonly overlayVersion: number;
}

/** What the interface shows of the tool in the hand; only `hand` writes it. */
export const useTool = create<ToolStoreState>()(() => ({
  toolId: 'brush',
  stateName: 'Idle',
  openPoints: 0,
  triedTolerance: null,
  progress: null,
  overlayVersion: 0,
}));
