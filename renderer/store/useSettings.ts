import { create } from 'zustand';
import { DEFAULT_RUN_SETTINGS, type RunSettings } from '#core/inference/runSettings.ts';
import { settingsSchema, type Settings } from '#core/ipc/schemas.ts';
import { toProblem } from '#core/problem.ts';
import { call } from './studio.ts';
import { useToasts } from './useToasts.ts';

interface SettingsState {
  readonly settings: Settings;
  /** Takes what the main process remembered; nothing is saved. */
  readonly load: (settings: Settings) => void;
  /** Changes some and saves all, at most a few times a second. */
  readonly change: (part: Partial<Settings>) => void;
  /** Remembers that a hint was followed; it never shows again. */
  readonly followHint: (hint: string) => void;
}

const SAVE_AFTER_MS = 300;
let timer: ReturnType<typeof setTimeout> | null = null;

export const useSettings = create<SettingsState>()((set, get) => {
  const save = (): void => {
    timer = null;
    call('settings.save', { settings: get().settings }).catch((error: unknown) => {
      useToasts.getState().showProblem(toProblem(error, { code: 'settings.save', subject: 'settings' }));
    });
  };
  return {
    settings: settingsSchema.parse({}),
    load(settings) {
      set({ settings });
    },
    change(part) {
      set({ settings: { ...get().settings, ...part } });
      timer ??= setTimeout(save, SAVE_AFTER_MS);
    },
    followHint(hint) {
      const { hintsFollowed } = get().settings;
      if (!hintsFollowed.includes(hint)) get().change({ hintsFollowed: [...hintsFollowed, hint] });
    },
  };
});

/** How a model is run. */
export function runSettingsOf(
  modelId: string | null,
  { modelSettings }: Pick<Settings, 'modelSettings'> = useSettings.getState().settings,
): RunSettings {
  return (modelId === null ? undefined : modelSettings[modelId]) ?? DEFAULT_RUN_SETTINGS;
}

/** Changes how a model is run and remembers it. */
export function changeRunSettings(modelId: string, part: Partial<RunSettings>): void {
  const { settings, change } = useSettings.getState();
  const changed = { ...runSettingsOf(modelId, settings), ...part };
  change({ modelSettings: { ...settings.modelSettings, [modelId]: changed } });
}
