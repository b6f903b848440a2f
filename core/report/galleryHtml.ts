import { METRIC_FACTS, type ImageMetric } from '../evaluation/imageMetric.ts';
import type { ReportGallery } from './evaluationReport.ts';
import { escapeHtml, percent, points } from './html.ts';

/** A small picture as a data URL. */
export type PictureOf = (name: string) => string | undefined;

/** A row of pictures with the failing region framed. */
export function galleryHtml(gallery: ReportGallery, pictureOf: PictureOf): string {
  const figures = gallery.images.map(({ name, width, height, value, worst }) => {
    const picture = pictureOf(name);
    const line = Math.max(width, height) / 110;
    const frame = worst
      ? `<rect x="${worst.x}" y="${worst.y}" width="${worst.width}" height="${worst.height}" fill="none" stroke="#000" stroke-width="${2.2 * line}" opacity=".55"/><rect x="${worst.x}" y="${worst.y}" width="${worst.width}" height="${worst.height}" fill="none" stroke="#ffd400" stroke-width="${line}"/>`
      : '';
    const shown =
      picture === undefined
        ? '<div class="none">no picture</div>'
        : `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(name)}"><image href="${picture}" width="${width}" height="${height}" preserveAspectRatio="none"/>${frame}</svg>`;
    return `<figure class="card">${shown}<figcaption><span>${escapeHtml(name)}</span><b>${metricText(gallery.metric, value)}</b></figcaption></figure>`;
  });
  return `<h3>${escapeHtml(gallery.title)} <span class="quiet">· ${escapeHtml(gallery.says)}</span></h3><div class="gallery">${figures.join('')}</div>`;
}

/** A figure with its unit. */
export function metricText(metric: ImageMetric, value: number): string {
  const { unit } = METRIC_FACTS[metric];
  switch (unit) {
    case 'share':
      return percent(value);
    case 'points':
      return `${points(-value)} points`;
    case 'pixels':
      return `${Math.round(value)} px`;
    case 'nats':
      return `${value.toFixed(3)} nats`;
    case 'ms':
      return `${value.toFixed(0)} ms`;
    case 'macs':
      return `${(value / 1e9).toFixed(2)} G`;
  }
}
