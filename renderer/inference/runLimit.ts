import { useSettings } from '../store/useSettings.ts';

/** How long a session may be silent before it is ended: longer than the largest model takes for a picture or a tile. */
export const runLimitMs = (): number => useSettings.getState().settings.runLimitSeconds * 1000;
