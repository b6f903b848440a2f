import { z } from 'zod';

const answerSchema = z.object({
  vulnerabilities: z.record(z.string(), z.object({ severity: z.string() })),
  metadata: z.object({ vulnerabilities: z.object({ total: z.number() }) }),
});

/** What `npm audit --json` said: `unanswered` where the registry has no such service, or cannot be reached. */
export type AuditAnswer =
  | { readonly kind: 'clean' }
  | { readonly kind: 'unanswered' }
  | { readonly kind: 'vulnerable'; readonly packages: readonly string[] };

/** Reads the output of `npm audit --json`. */
export function auditAnswer(output: string): AuditAnswer {
  let value: unknown;
  try {
    value = JSON.parse(output);
  } catch {
    return { kind: 'unanswered' };
  }
  const parsed = answerSchema.safeParse(value);
  if (!parsed.success) return { kind: 'unanswered' };
  const found = Object.entries(parsed.data.vulnerabilities);
  if (found.length === 0 && parsed.data.metadata.vulnerabilities.total === 0) return { kind: 'clean' };
  return { kind: 'vulnerable', packages: found.map(([name, { severity }]) => `${name}: ${severity}`) };
}
