import { buildStudio } from './build.ts';
import { findElectron } from './electronRuntime.ts';
import { runPlaywright } from './playwrightPart.ts';
import { isStartedScript } from './repository.ts';
import { concludeTests } from './testPart.ts';
import type { PartResult } from './testSummary.ts';

const log = (line: string) => console.log(line);

/**
 * Runs e2e/ with Playwright against the real Electron app, under a virtual display where there is no other.
 * The tests find the binary in DYNASEG_ELECTRON. `args`: for Playwright, e.g. the name of a spec.
 */
export async function testE2e(args: readonly string[]): Promise<PartResult> {
  const { executable } = await findElectron(log);
  await buildStudio(log);
  const env = { DYNASEG_ELECTRON: executable };
  return runPlaywright({ name: 'e2e', executable, args, env }, log);
}

if (isStartedScript(import.meta.url)) concludeTests([await testE2e(process.argv.slice(2))]);
