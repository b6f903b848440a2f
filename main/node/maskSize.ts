import { z } from 'zod';
import { MAX_PIXELS } from '#core/imaging/probeImage.ts';

const edge = z.number().int().positive();

/** Of a mask in a project file: no more pixels than a picture may have, whatever a damaged file says. */
export const maskSizeSchema = z
  .object({ width: edge, height: edge })
  .refine(({ width, height }) => width * height <= MAX_PIXELS, `more than ${MAX_PIXELS} pixels`);
