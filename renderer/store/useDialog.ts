import { create } from 'zustand';

export type DialogName =
  | 'export'
  | 'import'
  | 'prune'
  | 'hub'
  | 'palette'
  | 'hotkeys'
  | 'settings'
  | 'hotkeySettings'
  | 'classes'
  | 'reject'
  | 'ledger'
  | 'teacherClasses'
  | 'studentClasses'
  | 'cutStudent'
  | 'comparison';

interface DialogState {
  /** The one dialog that is open. */
  readonly open: DialogName | null;
  readonly show: (dialog: DialogName) => void;
  readonly close: () => void;
}

export const useDialog = create<DialogState>()((set) => ({
  open: null,
  show: (open) => set({ open }),
  close: () => set({ open: null }),
}));
