import { create } from 'zustand';
import type { Problem } from '#core/problem.ts';

export interface Toast {
  readonly id: number;
  readonly kind: 'info' | 'note' | 'error';
  readonly title: string;
  readonly detail?: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

interface ToastsState {
  readonly toasts: readonly Toast[];
  readonly show: (toast: Omit<Toast, 'id'>) => void;
  /** A problem with its subject, reason and hint. The same problem twice is shown once. */
  readonly showProblem: (problem: Problem) => void;
  readonly dismiss: (id: number) => void;
}

/** More than these at once is noise: the oldest goes. */
const MOST = 4;
let nextId = 1;

export const useToasts = create<ToastsState>()((set, get) => ({
  toasts: [],
  show(toast) {
    const same = get().toasts.find((old) => old.title === toast.title && old.detail === toast.detail);
    const rest = get().toasts.filter((old) => old !== same);
    set({ toasts: [...rest, { ...toast, id: nextId++ }].slice(-MOST) });
  },
  showProblem(problem) {
    const title = problem.subject ? `${problem.subject}: ${problem.title}` : problem.title;
    const detail = [problem.detail, problem.hint].filter((part) => part).join('. ');
    get().show({ kind: problem.severity, title, detail: detail === '' ? undefined : detail });
  },
  dismiss(id) {
    set({ toasts: get().toasts.filter((toast) => toast.id !== id) });
  },
}));
