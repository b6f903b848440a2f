import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FORMAT_IDS } from '#core/formats/maskFormat.ts';
import { maskOriginSchema } from '#core/ipc/schemas.ts';
import { classTableSchema } from '#core/labels/classTable.ts';
import { z } from 'zod';
import { weighedBySchema } from '#core/formats/retrainOptions.ts';
import { errorCode, unreadable } from './fileProblem.ts';
import { listFiles } from './listFiles.ts';
import { deciderSchema } from './maskProvenance.ts';

export const MANIFEST_NAME = 'manifest.json';

/**
 * manifest.json of an export: what each mask is of, and where it comes from. Paths have forward slashes.
 * Version 1 had indexed PNG alone, and no `files`, `split`, `copy` and `decided`; `weighed`, `disputes` and `pixels`
 * are of retrain packs.
 */
export const exportManifestSchema = z.object({
  version: z.union([z.literal(1), z.literal(2)]),
  generator: z.literal('DynaSeg Studio'),
  format: z.enum(FORMAT_IDS),
  /** Where the colours in the masks come from: the class table, whatever was shown on screen. */
  palette: z.literal('class table').optional(),
  /** The project's name. */
  project: z.string(),
  /** ISO 8601; only where it was asked for, so that the same masks give the same bytes. */
  created: z.string().optional(),
  /** The project's classes; a format with classes of its own has others in its files. */
  classTable: classTableSchema,
  /** What became of a class in a format that has classes of its own. */
  classes: z.array(z.object({ name: z.string(), label: z.string().nullable() })).optional(),
  split: z.object({ by: z.string(), valShare: z.number(), seed: z.number() }).optional(),
  /** Of a format that weighs: whose disputes, and what counts how much. */
  weighed: weighedBySchema.optional(),
  images: z.array(
    z.object({
      /** Below the image folder. */
      image: z.string(),
      /** Below the export folder; several masks may be in one file. */
      mask: z.string(),
      /** The copy of the image, below the export folder. */
      copy: z.string().optional(),
      split: z.enum(['train', 'val']).optional(),
      width: z.number().int().positive(),
      height: z.number().int().positive(),
      /** What the mask was started from; null where that is not known. */
      source: maskOriginSchema.shape.kind.nullable(),
      modelIds: z.array(z.string()),
      /** Who decided which part of the mask; all parts together are the whole picture. */
      decided: z.array(deciderSchema).optional(),
      /** Disputes of a format that weighs, and pixels by what its weights say of them. */
      disputes: z.object({ open: z.int(), decided: z.int() }).optional(),
      pixels: z.object({ open: z.int(), ignored: z.int(), corrected: z.int(), plain: z.int() }).optional(),
      /** Lower-case hex; null where the image is gone. */
      imageSha256: z.string().nullable(),
      /** Of the mask's own file; null where it is a part of one. */
      maskSha256: z.string().nullable(),
    }),
  ),
  /** Every file of the export but this one. */
  files: z.array(z.string()).optional(),
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
  const masks = manifest?.images.map(({ mask }) => mask) ?? [];
  const ours = new Set([MANIFEST_NAME, ...(manifest?.files ?? ['classes.json', ...masks])]);
  const stranger = manifest === null ? (files[0] ?? 'folders') : files.find((file) => !ours.has(file));
  return stranger === undefined ? { kind: 'export' } : { kind: 'other', stranger };
}

/** The manifest of an export, or null where the file is none. */
export async function readManifest(path: string): Promise<ExportManifest | null> {
  try {
    return exportManifestSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
}
