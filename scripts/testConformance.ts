import { concludeTests } from './testPart.ts';
import { runPytest } from './pytestPart.ts';

/** `npm run test:conformance [-- PYTEST OPTIONS]`: our output against other people's tools. */
concludeTests([
  await runPytest({
    name: 'conformance',
    requirementsIn: 'conformance',
    cwd: '.',
    args: ['conformance', ...process.argv.slice(2)],
  }),
]);
