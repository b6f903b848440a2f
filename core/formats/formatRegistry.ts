import { ProblemError } from '../problem.ts';
import type { FormatFiles, FormatId, MaskFormat } from './maskFormat.ts';
import { ade20kFormat } from './registry/ade20kFormat.ts';
import { cityscapesFormat } from './registry/cityscapesFormat.ts';
import { cocoPanopticFormat } from './registry/cocoPanopticFormat.ts';
import { cocoStuffFormat } from './registry/cocoStuffFormat.ts';
import { cvatFormat } from './registry/cvatFormat.ts';
import { cvatXmlFormat } from './registry/cvatXmlFormat.ts';
import { imagefolderFormat } from './registry/imagefolderFormat.ts';
import { indexedPngFormat } from './registry/indexedPngFormat.ts';
import { labelmeFormat } from './registry/labelmeFormat.ts';
import { labelStudioFormat } from './registry/labelStudioFormat.ts';
import { mmsegFormat } from './registry/mmsegFormat.ts';
import { retrainFormat } from './registry/retrainFormat.ts';
import { vocFormat } from './registry/vocFormat.ts';

/** All formats, in the order in which they are recognised: what looks like several is the first of them. */
export const FORMATS: readonly MaskFormat[] = [
  retrainFormat,
  cityscapesFormat,
  cocoPanopticFormat,
  cocoStuffFormat,
  cvatFormat,
  vocFormat,
  cvatXmlFormat,
  labelStudioFormat,
  labelmeFormat,
  imagefolderFormat,
  mmsegFormat,
  ade20kFormat,
  indexedPngFormat,
];

/** Throws `format.unknown`. */
export function formatById(id: string): MaskFormat {
  const format = FORMATS.find((candidate) => candidate.id === id);
  if (format) return format;
  throw new ProblemError({
    code: 'format.unknown',
    title: `there is no format "${id}"`,
    hint: `There are ${FORMATS.map((candidate) => candidate.id).join(', ')}`,
  });
}

export interface Recognised {
  readonly format: MaskFormat;
  /** What speaks for it. */
  readonly evidence: string;
  /** Others that it could be, too. */
  readonly alsoLike: readonly FormatId[];
}

/** The format of these files. Throws `format.unrecognised`. */
export async function recogniseFormat(files: FormatFiles, subject: string): Promise<Recognised> {
  const found: { format: MaskFormat; evidence: string }[] = [];
  for (const format of FORMATS) {
    const evidence = await format.recognise(files);
    if (evidence !== null) found.push({ format, evidence });
  }
  const [first, ...others] = found;
  if (first) return { ...first, alsoLike: others.map(({ format }) => format.id) };
  throw new ProblemError({
    code: 'format.unrecognised',
    title: `no masks of a known format among its ${files.names.length} files`,
    subject,
    hint: `Known are ${FORMATS.map(({ title }) => title).join(', ')}`,
  });
}
