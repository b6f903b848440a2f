import { concludeTests } from './testPart.ts';
import { runPytest } from './pytestPart.ts';

/** `npm run test:training [-- PYTEST OPTIONS]`: the tests of models/training. */
concludeTests([
  await runPytest({
    name: 'training',
    requirementsIn: 'models/training',
    cwd: 'models',
    args: ['training/tests', ...process.argv.slice(2)],
  }),
]);
