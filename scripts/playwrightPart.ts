import { ensureSystemPackages } from './systemPackages.ts';
import { localProgram, runPart } from './testPart.ts';
import { countPlaywright, type PartResult } from './testSummary.ts';
import { hasDisplay, startVirtualDisplay } from './virtualDisplay.ts';

export interface PlaywrightPart {
  readonly name: string;
  /** The Electron binary that is tested: its system libraries are made sure of first. */
  readonly executable: string;
  /** For Playwright, e.g. the name of a spec. */
  readonly args: readonly string[];
  /** What the tests find in their environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** Runs Playwright on what is built, under a virtual display where there is no other. */
export async function runPlaywright(part: PlaywrightPart, log: (line: string) => void): Promise<PartResult> {
  const { name, executable, args, env } = part;
  const needsDisplay = !hasDisplay();
  await ensureSystemPackages({ electron: executable, virtualDisplay: needsDisplay }, log);
  const display = needsDisplay ? await startVirtualDisplay() : null;
  if (display) log(`${name}: on the virtual display ${display.name}`);
  const report = `.cache/reports/${name}.json`;
  try {
    return await runPart({
      name,
      command: localProgram('playwright'),
      args: ['test', '--reporter=list,json', ...args],
      options: {
        env: {
          ...process.env,
          ...(display ? { DISPLAY: display.name } : {}),
          ...env,
          PLAYWRIGHT_JSON_OUTPUT_NAME: report,
        },
      },
      report: {
        path: report,
        count: (text) => countPlaywright(JSON.parse(text) as Parameters<typeof countPlaywright>[0]),
      },
    });
  } finally {
    display?.stop();
  }
}
