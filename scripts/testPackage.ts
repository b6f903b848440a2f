import { packageStudio } from './packageStudio.ts';
import { runPlaywright } from './playwrightPart.ts';
import { isStartedScript } from './repository.ts';
import { concludeTests } from './testPart.ts';
import type { PartResult } from './testSummary.ts';

const log = (line: string) => console.log(line);

/**
 * Makes the unpacked package and runs against it: the smoke test of the development studio, and e2e/package. The tests
 * find the binary in DYNASEG_PACKAGE. `args`: for Playwright.
 */
export async function testPackage(args: readonly string[]): Promise<PartResult> {
  const { executable } = await packageStudio({ installers: false }, log);
  const specs = ['e2e/smoke.spec.ts', 'e2e/package/'];
  const env = { DYNASEG_PACKAGE: executable };
  return runPlaywright({ name: 'package', executable, args: [...specs, ...args], env }, log);
}

if (isStartedScript(import.meta.url)) concludeTests([await testPackage(process.argv.slice(2))]);
