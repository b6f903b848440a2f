import { readFile } from 'node:fs/promises';

/** Of the fields of stat after the program's name: the processor time of children that ended, in ticks. */
const [USER, SYSTEM] = [13, 14];
const TICKS_PER_SECOND = 100;

/**
 * Processor seconds of all processes that this one started, and those started, once they ended; NaN where the system
 * has no /proc.
 */
export async function childrenCpuSeconds(): Promise<number> {
  const stat = await readFile('/proc/self/stat', 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER]) + Number(fields[SYSTEM])) / TICKS_PER_SECOND;
}
