import { auditAnswer } from './auditAnswer.ts';
import { ROOT } from './repository.ts';
import { run } from './run.ts';

/** `npm run check:audit`: known holes in the packages that users get. Where the registry does not answer it says so. */
const { stdout } = await run('npm', ['audit', '--omit=dev', '--json'], { cwd: ROOT, timeoutMs: 60_000 });
const answer = auditAnswer(stdout);
switch (answer.kind) {
  case 'clean':
    console.log('audit: no known vulnerability in the production dependencies');
    break;
  case 'unanswered':
    console.log('audit: NOT CHECKED, the registry does not answer npm audit');
    break;
  case 'vulnerable':
    for (const line of answer.packages) console.error(line);
    process.exitCode = 1;
}
