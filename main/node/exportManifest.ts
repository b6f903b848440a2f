import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { maskOriginSchema } from '#core/ipc/schemas.ts';
import { classTableSchema } from '#core/labels/classTable.ts';
import { z } from 'zod';
import { errorCode, unreadable } from './fileProblem.ts';
import { listFiles } from './listFiles.ts';

export const MANIFEST_NAME = 'manifest.json';
export const CLASSES_NAME = 'classes.json';

/** manifest.json of an export: what each mask is of, and where it comes from. Paths have forward slashes. */
export const exportManifestSchema = z.object({
  version: z.literal(1),
  generator: z.literal('DynaSeg Studio'),
  format: z.literal('png'),
  /** Where the colours in the masks come from: the class table, whatever was shown on screen. */
  palette: z.literal('class table').optional(),
  /** The project's name. */
  project: z.string(),
  /** ISO 8601; only where it was asked for, so that the same masks give the same bytes. */
  created: z.string().optional(),
  classTable: classTableSchema,
  images: z.array(
    z.object({
      /** Below the image folder. */
      image: z.string(),
      /** Below the export folder. */
      mask: z.string(),
      width: z.number().int().positive(),
      height: z.number().int().positive(),
      /** What the mask was started from; null where that is not known. */
      source: maskOriginSchema.shape.kind.nullable(),
      modelIds: z.array(z.string()),
      /** Lower-case hex; null where the image is gone. */
      imageSha256: z.string().nullable(),
      maskSha256: z.string(),
    }),
  ),
});
export type ExportManifest = z.infer<typeof exportManifestSchema>;

/** What is at the place that an export is to take. */
export type ExportTarget =
  | { readonly kind: 'free' }
  | { readonly kind: 'empty' }
  /** An earlier export, and nothing else. */
  | { readonly kind: 'export' }
  /** Something that no export wrote: `stranger` names it. */
  | { readonly kind: 'other'; readonly stranger: string };

/** Looks at the folder to export to. Throws ProblemError `export.unreadable`. */
export async function lookAtExportTarget(folder: string): Promise<ExportTarget> {
  let files: string[];
  try {
    if ((await readdir(folder)).length === 0) return { kind: 'empty' };
    files = await listFiles(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { kind: 'free' };
    if (errorCode(error) === 'ENOTDIR') return { kind: 'other', stranger: folder };
    throw unreadable('export.unreadable', folder, error);
  }
  const manifest = await readManifest(join(folder, MANIFEST_NAME));
  const ours = new Set([MANIFEST_NAME, CLASSES_NAME, ...(manifest?.images.map(({ mask }) => mask) ?? [])]);
  const stranger = manifest === null ? (files[0] ?? 'folders') : files.find((file) => !ours.has(file));
  return stranger === undefined ? { kind: 'export' } : { kind: 'other', stranger };
}

async function readManifest(path: string): Promise<ExportManifest | null> {
  try {
    return exportManifestSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
}
