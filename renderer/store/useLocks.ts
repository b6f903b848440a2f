import { create } from 'zustand';
import { useMask } from './useMask.ts';
import { useProject } from './useProject.ts';
import { useSettings } from './useSettings.ts';

interface LocksState {
  /** Pixels of these classes cannot be overwritten; the ignore index may be one of them. */
  readonly locked: ReadonlySet<number>;
  /** Only pixels of these classes are painted over; empty: of all. */
  readonly over: ReadonlySet<number>;
  readonly toggleLock: (id: number) => void;
  readonly toggleOver: (id: number) => void;
  /** Everything may be painted over again. */
  readonly free: () => void;
}

const NONE: ReadonlySet<number> = new Set();

const toggled = (set: ReadonlySet<number>, id: number): ReadonlySet<number> => {
  const changed = new Set(set);
  if (!changed.delete(id)) changed.add(id);
  return changed;
};

/** Projects whose locks are remembered. */
const MOST_PROJECTS = 200;

/** What of the mask is protected from every tool and verdict; undo, redo and starting over do not ask. */
export const useLocks = create<LocksState>()((set, get) => {
  const change = (part: Partial<Pick<LocksState, 'locked' | 'over'>>): void => {
    set(part);
    remember(get());
  };
  return {
    locked: NONE,
    over: NONE,
    toggleLock: (id) => change({ locked: toggled(get().locked, id) }),
    toggleOver: (id) => change({ over: toggled(get().over, id) }),
    free: () => change({ locked: NONE, over: NONE }),
  };
});

function remember({ locked, over }: Pick<LocksState, 'locked' | 'over'>): void {
  const { project } = useProject.getState();
  if (!project) return;
  const { settings, change } = useSettings.getState();
  const others = Object.entries(settings.protectedClasses).filter(([id]) => id !== project.id);
  const isAny = locked.size > 0 || over.size > 0;
  const kept = others.slice(1 - MOST_PROJECTS);
  if (isAny) kept.push([project.id, { locked: [...locked], over: [...over] }]);
  change({ protectedClasses: Object.fromEntries(kept) });
}

/** Locks as the open project was left with. */
function recall(): void {
  const { project } = useProject.getState();
  const known = project ? useSettings.getState().settings.protectedClasses[project.id] : undefined;
  useLocks.setState({ locked: new Set(known?.locked), over: new Set(known?.over) });
}

/** 1 for each class id whose pixels may be overwritten, length 65536; null where all may. */
export function writableClasses({ locked, over }: Pick<LocksState, 'locked' | 'over'>): Uint8Array | null {
  if (locked.size === 0 && over.size === 0) return null;
  const writable = new Uint8Array(65536).fill(over.size === 0 ? 1 : 0);
  for (const id of over) writable[id] = 1;
  for (const id of locked) writable[id] = 0;
  return writable;
}

const protect = (): void => useMask.getState().raster?.setWritable(writableClasses(useLocks.getState()));

useLocks.subscribe(protect);
useMask.subscribe((now, before) => {
  if (now.raster !== before.raster) protect();
});
useProject.subscribe((now, before) => {
  // Ids of another class table mean other classes.
  if (now.project?.id !== before.project?.id) recall();
});
