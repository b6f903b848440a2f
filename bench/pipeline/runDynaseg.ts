import { z } from 'zod';
import { inRepository } from '../../scripts/repository.ts';
import { run } from '../../scripts/run.ts';

/** Runs a command of the command line to its end. @returns its stdout. Throws Error with its last words. */
export async function runDynaseg(args: readonly string[]): Promise<string> {
  console.error(`dynaseg ${args.join(' ')}`);
  const { code, stdout, stderr } = await run(process.execPath, [inRepository('cli', 'dynaseg.mjs'), ...args]);
  if (code === 0) return stdout;
  throw new Error(`dynaseg ${args[0] ?? ''} ended with ${code}: ${stderr.trim().split('\n').at(-1) ?? ''}`);
}

const evaluationSchema = z.object({ miou: z.number(), gmacs: z.number(), images: z.number() });
type Evaluation = z.infer<typeof evaluationSchema>;

/** What `evaluate --json` said: mean IoU 0 to 1, 10^9 multiply-adds of a run, images measured. */
export function readEvaluation(json: string): Evaluation {
  return evaluationSchema.parse(JSON.parse(json));
}
