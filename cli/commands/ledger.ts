import { basename, extname } from 'node:path';
import { ledgersOf, type Ledger, type LedgerCount } from '#core/disputes/ledger.ts';
import { standingVerdicts } from '#core/disputes/verdict.ts';
import { createClassTable } from '#core/labels/classTable.ts';
import { findProjectFile } from '../../main/node/findProjectFile.ts';
import { ProjectStore } from '../../main/node/projectStore.ts';
import { projectsFolder } from '../../main/node/userDataFolder.ts';
import { printJson, say } from '../console.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';

export interface PrintLedgerOptions {
  /** A project file, or the folder of images that it is of. */
  readonly project: string;
  readonly json: boolean;
}

/**
 * `dynaseg ledger`: who was right in the disputes of a project, by the class that was right. The project is only
 * read, so it may be open in the studio at the same time. Throws what ProjectStore.open throws.
 */
export async function printLedger({ project, json }: PrintLedgerOptions): Promise<ExitCode> {
  const file = await findProjectFile(project, projectsFolder());
  const store = ProjectStore.open(file, { readOnly: true });
  try {
    const table = store.meta().classTable ?? createClassTable(['object']);
    const standing = store.verdicts().flatMap((image) => standingVerdicts(image));
    const ledgers = ledgersOf(
      standing.map(({ verdict }) => verdict),
      table,
    );
    if (json) printJson({ version: 1, project: basename(file, extname(file)), ledgers });
    else if (ledgers.length === 0)
      say('no verdicts yet: give them in the studio, with N and then T, S, a class or X');
    else ledgers.forEach(printTable);
    return EXIT.ok;
  } finally {
    store.close();
  }
}

function printTable({ teacher, student, decided, ignored, total, classes }: Ledger): void {
  const line = (name: string, ...counts: readonly string[]): void => {
    process.stdout.write(`${name.padEnd(16)}${counts.map((count) => count.padStart(20)).join('')}\n`);
  };
  process.stdout.write(`teacher ${teacher.id}, student ${student.id}: regions (pixels) by the right class\n`);
  line('class', 'teacher wrong', 'student wrong', 'both wrong');
  const row = (name: string, counts: Ledger['total']): void =>
    line(name, text(counts.teacherWrong), text(counts.studentWrong), text(counts.bothWrong));
  for (const entry of classes) row(entry.name, entry);
  row('all', total);
  process.stdout.write(`${text(decided)} decided, of them ${text(ignored)} left as ignore\n`);
}

const text = ({ regions, pixels }: LedgerCount): string => `${regions} (${pixels})`;
