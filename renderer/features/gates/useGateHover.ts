import { create } from 'zustand';

/** A neuron of a layer, by its place in the layout. */
interface GateCell {
  readonly layer: number;
  readonly neuron: number;
}

interface GateHoverState {
  /** Under the pointer, or where the keyboard is. */
  readonly cell: GateCell | null;
  readonly set: (cell: GateCell | null) => void;
}

export const useGateHover = create<GateHoverState>()((set) => ({
  cell: null,
  set: (cell) => set({ cell }),
}));
