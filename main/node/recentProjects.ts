import { stat } from 'node:fs/promises';
import { recentProjectSchema, type RecentProject } from '#core/ipc/schemas.ts';
import { z } from 'zod';
import { writeFileAtomic } from './atomicFile.ts';
import { readJson } from './readJson.ts';

const MAX_RECENT = 12;
const fileSchema = z.object({ version: z.literal(1), projects: z.array(recentProjectSchema) });

/** The folders opened lately, latest first; only those that are still there. */
export async function readRecentProjects(path: string): Promise<RecentProject[]> {
  const found = await readJson(path, fileSchema, { code: 'recent', subject: path }).catch(() => null);
  const projects = found?.projects ?? [];
  const there = await Promise.all(
    projects.map(({ folder }) =>
      stat(folder)
        .then((status) => status.isDirectory())
        .catch(() => false),
    ),
  );
  return projects.filter((_, index) => there[index]);
}

/** Puts a folder at the head of the list. */
export async function rememberProject(path: string, project: RecentProject): Promise<RecentProject[]> {
  const others = (await readRecentProjects(path)).filter(({ folder }) => folder !== project.folder);
  const projects = [project, ...others].slice(0, MAX_RECENT);
  await writeFileAtomic(path, JSON.stringify({ version: 1, projects }, null, 2));
  return projects;
}
