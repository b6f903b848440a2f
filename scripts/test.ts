import { parseArgs } from 'node:util';
import { buildStudio } from './build.ts';
import { testE2e } from './testE2e.ts';
import { testPackage } from './testPackage.ts';
import { concludeTests, localProgram, runPart, type TestPart } from './testPart.ts';
import { countVitest, type PartResult } from './testSummary.ts';

const USAGE = `npm test [-- --only GROUP[,GROUP]]
GROUP: check (types, lint, format, imports, dead code, licences, audit), unit, build, e2e, package (the studio as it
is shipped). Default: all of them.`;

const GROUPS = ['check', 'unit', 'build', 'e2e', 'package'] as const;
type Group = (typeof GROUPS)[number];

const CHECK_NAMES = ['types', 'lint', 'format', 'imports', 'dead', 'licences', 'audit'];
const CHECKS: readonly TestPart[] = CHECK_NAMES.map((name) => ({
  name: `check:${name}`,
  command: 'npm',
  args: ['run', '--silent', `check:${name}`],
}));

const UNIT: TestPart = {
  name: 'unit',
  command: localProgram('vitest'),
  args: ['run', '--reporter=dot', '--reporter=json', '--outputFile.json=.cache/reports/unit.json'],
  report: {
    path: '.cache/reports/unit.json',
    count: (text) => countVitest(JSON.parse(text) as Parameters<typeof countVitest>[0]),
  },
};

/** Runs work of our own as one test: it fails with the words of what it throws. */
async function asPart(name: string, work: () => Promise<PartResult | undefined>): Promise<PartResult> {
  const begun = performance.now();
  const result = (passed: number, failed: number): PartResult => ({
    name,
    passed,
    failed,
    skipped: 0,
    seconds: (performance.now() - begun) / 1000,
  });
  try {
    return (await work()) ?? result(1, 0);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return result(0, 1);
  }
}

async function runGroup(group: Group): Promise<PartResult[]> {
  switch (group) {
    case 'check': {
      const results: PartResult[] = [];
      for (const check of CHECKS) results.push(await runPart(check));
      return results;
    }
    case 'unit':
      return [await runPart(UNIT)];
    case 'build':
      console.log('\n=== build');
      return [
        await asPart('build', async () => {
          await buildStudio((line) => console.log(line));
          return undefined;
        }),
      ];
    case 'e2e':
      return [await asPart('e2e', () => testE2e([]))];
    case 'package':
      return [await asPart('package', () => testPackage([]))];
  }
}

function chosenGroups(only: string | undefined): Group[] {
  if (only === undefined) return [...GROUPS];
  return only.split(',').map((name) => {
    const group = GROUPS.find((candidate) => candidate === name.trim());
    if (!group) throw new Error(`--only ${name}: there is no such group\n${USAGE}`);
    return group;
  });
}

try {
  const { values } = parseArgs({ options: { only: { type: 'string' }, help: { type: 'boolean' } } });
  if (values.help) {
    console.log(USAGE);
  } else {
    const results: PartResult[] = [];
    for (const group of chosenGroups(values.only)) results.push(...(await runGroup(group)));
    concludeTests(results);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
