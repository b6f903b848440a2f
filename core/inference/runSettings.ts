import { z } from 'zod';

/**
 * How a picture becomes the model's input. `square`: the size of its preprocessor_config.json, stretched where the
 * picture has other proportions, as the model was trained and as transformers does it. `aspect`: as many pixels, in
 * the picture's proportions. `tiles`: overlapping pieces of that size at the picture's own resolution.
 */
export const inputSizingSchema = z.enum(['square', 'aspect', 'tiles']);
export type InputSizing = z.infer<typeof inputSizingSchema>;

/** What can be chosen for the runs of a model: its results differ with it. */
export const runSettingsSchema = z.object({
  sizing: inputSizingSchema.default('square'),
  /** Share of the gated neurons that are computed, 0 to 1; null: as the file has it. */
  keepRatio: z.number().min(0).max(1).nullable().default(null),
});
export type RunSettings = z.infer<typeof runSettingsSchema>;

export const DEFAULT_RUN_SETTINGS: RunSettings = { sizing: 'square', keepRatio: null };

/** The same text for settings that give the same results. */
export function runSettingsKey({ sizing, keepRatio }: RunSettings): string {
  return `${sizing}@${keepRatio ?? 'file'}`;
}

/** The sizings in plain words, for the window and the command line. */
export const SIZING_WORDS: Readonly<
  Record<InputSizing, { readonly label: string; readonly short: string; readonly says: string }>
> = {
  square: {
    label: 'As trained',
    short: 'trained size',
    says: 'Every picture is resized to the size that the model was trained at, stretched where its proportions differ. As transformers does it: choose it to reproduce published figures.',
  },
  aspect: {
    label: 'Keep proportions',
    short: 'proportions',
    says: 'As many pixels, in the proportions of the picture. Nothing is stretched, at the same cost: often better on wide or tall pictures.',
  },
  tiles: {
    label: 'Tiles',
    short: 'tiles',
    says: 'Large pictures are cut into overlapping pieces at full resolution, and the pieces are blended. Finds small things, sees less of the whole at once, and takes as many runs as there are pieces.',
  },
};
