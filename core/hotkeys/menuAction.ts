import { z } from 'zod';

/** An action of the window as the application menu shows it. */
export const menuActionSchema = z.object({
  id: z.string(),
  label: z.string(),
  /** The menu that it stands in. */
  group: z.string(),
  /** Its first key; null where it has none. */
  hotkey: z.string().nullable(),
  /** It means something in the place that is shown. */
  enabled: z.boolean(),
});
export type MenuAction = z.infer<typeof menuActionSchema>;
