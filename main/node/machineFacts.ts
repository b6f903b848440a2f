import { cpus, type as systemName, release } from 'node:os';

/** What a report says of the machine that made it. */
export function machineFacts(): { readonly System: string; readonly Processor: string } {
  const processors = cpus();
  return {
    System: `${systemName()} ${release()}`,
    Processor: `${processors[0]?.model.trim() ?? 'unknown'}, ${processors.length} threads`,
  };
}
