import { z } from 'zod';
import { problemSchema, type Problem } from '../problem.ts';
import { projectSummarySchema, type ImageEntry, type ProjectSummary } from './schemas.ts';

const HAS_TRUTH = 1;
const HAS_MASK = 2;

/** The images of a project column by column: 100,000 objects would stop the window for a second on their way to it. */
const packedImagesSchema = z.object({
  /** One after the other with U+0000 between, which is in no file name. */
  names: z.string(),
  ids: z.instanceof(Uint32Array),
  widths: z.instanceof(Uint32Array),
  heights: z.instanceof(Uint32Array),
  bytes: z.instanceof(Float64Array),
  /** HAS_TRUTH, HAS_MASK. */
  flags: z.instanceof(Uint8Array),
  /** Of the images that have one, by their place. */
  problems: z.array(z.tuple([z.number().int().nonnegative(), problemSchema])),
  /** Every image's url but for its id at the end. */
  urlBase: z.string(),
});

/** A project as it goes to the window. */
export const packedProjectSchema = projectSummarySchema.extend({ images: packedImagesSchema });
export type PackedProject = z.infer<typeof packedProjectSchema>;

/** `urlBase`: with an image's id behind it, the url of that image. */
export function packProject(project: ProjectSummary, urlBase: string): PackedProject {
  const { images } = project;
  return {
    ...project,
    images: {
      names: images.map(({ name }) => name).join('\0'),
      ids: Uint32Array.from(images, ({ id }) => id),
      widths: Uint32Array.from(images, ({ width }) => width),
      heights: Uint32Array.from(images, ({ height }) => height),
      bytes: Float64Array.from(images, ({ bytes }) => bytes),
      flags: Uint8Array.from(
        images,
        ({ hasTruth, hasMask }) => Number(hasTruth) * HAS_TRUTH + Number(hasMask) * HAS_MASK,
      ),
      problems: images.flatMap(({ problem }, index): [number, Problem][] =>
        problem ? [[index, problem]] : [],
      ),
      urlBase,
    },
  };
}

/** What packProject was given. */
export function unpackProject({ images: packed, ...project }: PackedProject): ProjectSummary {
  const { ids, widths, heights, bytes, flags, urlBase } = packed;
  const names = packed.names.split('\0');
  const problems = new Map(packed.problems);
  const images = Array.from(ids, (id, index): ImageEntry => ({
    id,
    name: names[index]!,
    width: widths[index]!,
    height: heights[index]!,
    bytes: bytes[index]!,
    url: `${urlBase}${id}`,
    hasTruth: (flags[index]! & HAS_TRUTH) !== 0,
    hasMask: (flags[index]! & HAS_MASK) !== 0,
    problem: problems.get(index) ?? null,
  }));
  return { ...project, images };
}
