import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { resizeRgba } from '#core/imaging/resize.ts';
import type { EvaluationReport } from '#core/report/evaluationReport.ts';
import { reportHtml } from '#core/report/reportHtml.ts';
import { writeFileAtomic } from '../../main/node/atomicFile.ts';
import { decodeImageFile } from '../../main/node/decodeImage.ts';
import { findImageFolder } from '../../main/node/imageFolder.ts';
import { encodeJpeg } from '../scenes/encodeJpeg.ts';

/** The longer side of a gallery's pictures, in pixels. */
const PICTURE_SIDE = 320;
const PICTURE_QUALITY = 72;

/** Writes report.html and report.json. A picture that is no longer there is left out. */
export async function writeReport(report: EvaluationReport, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const images = await findImageFolder(report.folder).catch(() => report.folder);
  const names = new Set(report.galleries.flatMap((gallery) => gallery.images.map(({ name }) => name)));
  const pictures = new Map<string, string>();
  for (const name of names) {
    const picture = await smallPicture(join(images, name), name).catch(() => null);
    if (picture) pictures.set(name, picture);
  }
  const html = reportHtml(report, (name) => pictures.get(name));
  await writeFileAtomic(join(folder, 'report.html'), html);
  await writeFileAtomic(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
}

async function smallPicture(path: string, name: string): Promise<string> {
  const image = await decodeImageFile(await readFile(path), name);
  const scale = Math.min(1, PICTURE_SIDE / Math.max(image.width, image.height));
  const small = resizeRgba(image, {
    width: Math.max(1, Math.round(image.width * scale)),
    height: Math.max(1, Math.round(image.height * scale)),
    filter: 'bilinear',
  });
  const jpeg = await encodeJpeg(small, PICTURE_QUALITY);
  return `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}`;
}
