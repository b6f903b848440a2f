import { expect, it } from 'vitest';
import { createClassTable } from '../labels/classTable.ts';
import { packedProjectSchema, packProject, unpackProject } from './packedProject.ts';
import type { ImageEntry, ProjectSummary } from './schemas.ts';

const entry = (id: number, part: Partial<ImageEntry>): ImageEntry => ({
  id,
  name: `${id}.jpg`,
  width: 4,
  height: 3,
  bytes: 5_000_000_000,
  url: `studio://app/image/p/${id}`,
  hasTruth: false,
  hasMask: false,
  problem: null,
  ...part,
});

const project = (images: readonly ImageEntry[]): ProjectSummary => ({
  id: 'p',
  name: 'street',
  folder: '/street',
  projectFile: '/street.dynaseg',
  truthFolder: null,
  classTable: createClassTable(['Road']),
  images: [...images],
  problems: [],
  readOnly: false,
});

it('brings every image back as it was, also none', () => {
  const problem = { code: 'image.empty', severity: 'error', title: 'empty file (0 bytes)' } as const;
  const all = project([
    entry(7, { name: 'a\nb/ü.png', hasTruth: true }),
    entry(3, { hasMask: true, width: 0, height: 0, problem }),
    entry(100_000, { hasTruth: true, hasMask: true }),
  ]);
  for (const whole of [all, project([])]) {
    const packed = packedProjectSchema.parse(packProject(whole, 'studio://app/image/p/'));
    expect(unpackProject(packed)).toEqual(whole);
  }
});
