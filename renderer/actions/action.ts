import type { Place } from '../store/useView.ts';

/** The parts of the `?` sheet, of the palette and of the menu, in their order. */
export const ACTION_GROUPS = [
  'Project',
  'View',
  'Compare',
  'Evaluate',
  'Gates',
  'Annotate',
  'Disputes',
  'Review',
  'Models',
  'Help',
] as const;
export type ActionGroup = (typeof ACTION_GROUPS)[number];

/** One command: a button, a menu item, a key and a line in the palette, all of them this object. */
export interface Action {
  /** Stable, dotted: `view.fit`. The application menu sends it. */
  readonly id: string;
  /** What the palette says, in the imperative: `Fit the picture`. */
  readonly label: string;
  readonly group: ActionGroup;
  /** tinykeys syntax, `$mod` for Ctrl or Command: `$mod+Shift+KeyZ`. Several keys may do the same. */
  readonly hotkeys: readonly string[];
  /** Places in which the keys work; everywhere where it is not given. */
  readonly places?: readonly Place[];
  /**
   * Its keys work only while this is so (`enabled` says it), and then come first: they may be keys that mean
   * something else at other times. `dispute`: a dispute is selected.
   */
  readonly mode?: 'dispute';
  /** Also when the key is held down. */
  readonly repeats?: boolean;
  readonly enabled: () => boolean;
  readonly run: () => void | Promise<void>;
  /** For keys that are held: called when the key comes up or the window loses focus. */
  readonly release?: () => void;
}
