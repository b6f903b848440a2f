/** What a script can rely on. */
export const EXIT = {
  /** Everything was done. */
  ok: 0,
  /** The command ran, but some images could not be used: they are named on stderr and in the JSON. */
  partial: 1,
  /** The command could not run: a wrong option, a missing folder, a model that does not open. */
  unusable: 2,
  /** Interrupted by Ctrl+C. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
