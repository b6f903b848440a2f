import { z } from 'zod';

/** How the tools of Annotate were left. */
export const toolSettingsSchema = z.object({
  /** What the eraser and the subtracting shapes leave: the ignore index, or what the model says there. */
  eraseTo: z.enum(['ignore', 'model']).default('ignore'),
  /** Polygon, lasso and box give the active class, or take it away. */
  shapeMode: z.enum(['add', 'subtract']).default('add'),
  /** What a fill stops at: another class, or another colour in the picture. */
  fillBy: z.enum(['class', 'colour']).default('class'),
  /** Of colours, the largest difference in one channel. */
  tolerance: z.number().int().min(0).max(255).default(24),
  /** The snapping brush takes pixels where the class is among that many best of a model. */
  snapTop: z.number().int().min(1).max(5).default(2),
  /** Distance of superpixels, image pixels. */
  superpixelSize: z.number().int().min(8).max(64).default(20),
  /** The model whose regions the stamp copies. */
  stampFrom: z.enum(['teacher', 'student']).default('teacher'),
  morphology: z.enum(['fillHoles', 'removeSpecks', 'grow', 'shrink', 'smooth']).default('smooth'),
  morphologyScope: z.enum(['class', 'region']).default('region'),
  /** Radius of grow, shrink and smooth, image pixels. */
  morphologyRadius: z.number().int().min(1).max(64).default(3),
  /** Pixels: holes up to that size are filled, specks below it go. */
  morphologyArea: z.number().int().min(1).max(100_000).default(200),
});
export type ToolSettings = z.infer<typeof toolSettingsSchema>;
