import type { ExportSummary } from '#core/ipc/schemas.ts';
import type { Project } from './project.ts';
export function runExport(
  _project: Project,
  _options: {
    folder: string;
    signal: AbortSignal;
    onProgress: (p: { done: number; total: number; current: string }) => void;
  },
): Promise<ExportSummary> {
  throw new Error('not yet');
}
