import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';

/** How @electron/fuses writes a fuse's state: the character in the binary. */
const STATES: Readonly<Record<number, FuseState>> = {
  0x30: 'off',
  0x31: 'on',
  0x72: 'removed',
  0x90: 'as built',
};

export type FuseState = 'on' | 'off' | 'removed' | 'as built';

/**
 * The fuses in an Electron binary by name, `RunAsNode: 'off'`, in the order of its wire. An older Electron has fewer.
 * Throws an Error where the file is no Electron with fuses.
 */
export async function readFuses(executable: string): Promise<ReadonlyMap<string, FuseState>> {
  const wire = await getCurrentFuseWire(executable);
  const fuses = new Map<string, FuseState>();
  for (const [index, state] of Object.entries(wire)) {
    if (index === 'version') continue;
    const name = FuseV1Options[Number(index)] ?? `fuse ${index}`;
    fuses.set(name, STATES[Number(state)] ?? 'as built');
  }
  return fuses;
}
