import { buildStudio } from './build.ts';
import { findElectron } from './electronRuntime.ts';
import { isStartedScript } from './repository.ts';
import { ensureSystemPackages } from './systemPackages.ts';
import { concludeTests, localProgram, runPart } from './testPart.ts';
import { countPlaywright, type PartResult } from './testSummary.ts';
import { hasDisplay, startVirtualDisplay } from './virtualDisplay.ts';

const log = (line: string) => console.log(line);
const REPORT = '.cache/reports/e2e.json';

/**
 * Runs e2e/ with Playwright against the real Electron app, under a virtual display where there is no other.
 * The tests find the binary in DYNASEG_ELECTRON. `args`: for Playwright, e.g. the name of a spec.
 */
export async function testE2e(args: readonly string[]): Promise<PartResult> {
  const needsDisplay = !hasDisplay();
  const runtime = await findElectron(log);
  await ensureSystemPackages({ electron: runtime.executable, virtualDisplay: needsDisplay }, log);
  await buildStudio(log);
  const display = needsDisplay ? await startVirtualDisplay() : null;
  if (display) log(`e2e: on the virtual display ${display.name}`);
  try {
    return await runPart({
      name: 'e2e',
      command: localProgram('playwright'),
      args: ['test', '--reporter=list,json', '--pass-with-no-tests', ...args],
      options: {
        env: {
          ...process.env,
          ...(display ? { DISPLAY: display.name } : {}),
          DYNASEG_ELECTRON: runtime.executable,
          PLAYWRIGHT_JSON_OUTPUT_NAME: REPORT,
        },
      },
      report: {
        path: REPORT,
        count: (text) => countPlaywright(JSON.parse(text) as Parameters<typeof countPlaywright>[0]),
      },
    });
  } finally {
    display?.stop();
  }
}

if (isStartedScript(import.meta.url)) concludeTests([await testE2e(process.argv.slice(2))]);
