import { readFileSync } from 'node:fs';
import { hostname, uptime, userInfo } from 'node:os';
import { z } from 'zod';

/** Who holds a file: enough to tell later, from another process, whether it still runs. */
export const processIdentitySchema = z.object({
  pid: z.number().int().positive(),
  host: z.string(),
  /** Whose process it is; '' where the system does not say. */
  user: z.string().default(''),
  /** When the process took the file, milliseconds since 1970. */
  since: z.number(),
  /** Names this start of the machine and of the process, where the system tells (Linux); else null. */
  start: z.string().nullable(),
});
export type ProcessIdentity = z.infer<typeof processIdentitySchema>;

/** A clock that was set between two looks at it must not make a living process look dead. */
const CLOCK_SLACK_MS = 10 * 60_000;

export function ownIdentity(): ProcessIdentity {
  const { pid } = process;
  return { pid, host: hostname(), user: userName(), since: Date.now(), start: processStart(pid) };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user id without an account, as containers have them.
    return '';
  }
}

/**
 * Whether a process still runs. A process id alone does not tell, as ids are used again: where the system
 * says when a process started, that must agree; elsewhere the machine must not have started since.
 * `unknown`: it ran on another machine, of which nothing can be said from here.
 */
export function isRunning(identity: ProcessIdentity): 'yes' | 'no' | 'unknown' {
  if (identity.host !== hostname()) return 'unknown';
  if (!processExists(identity.pid)) return 'no';
  if (identity.start !== null) return processStart(identity.pid) === identity.start ? 'yes' : 'no';
  const machineStarted = Date.now() - uptime() * 1000;
  return identity.since < machineStarted - CLOCK_SLACK_MS ? 'no' : 'yes';
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** `<id of the machine's start>/<start of the process in clock ticks after it>`, null where there is no /proc. */
function processStart(pid: number): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name, in brackets, may hold anything; the start is the 20th field after it.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return ticks === undefined ? null : `${boot}/${ticks}`;
  } catch {
    return null;
  }
}
