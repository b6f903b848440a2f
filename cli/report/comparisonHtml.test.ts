import { expect, test } from 'vitest';
import type { Comparison } from './comparison.ts';
import { comparisonHtml } from './comparisonHtml.ts';

const model = {
  id: 't',
  name: 'T',
  keepRatio: 1,
  sha256: 'ab',
  msPerImage: 12.4,
  gmacs: 4.1,
  miou: null,
  pixelAccuracy: null,
};
const onImage = { ms: { decode: 1, preprocess: 1, inference: 1, postprocess: 1 }, gmacs: 1, miou: null };

const comparison: Comparison = {
  version: 1,
  folder: '/data/<street>',
  teacher: model,
  student: { ...model, id: 's', name: 'S', keepRatio: 0.7 },
  equalShare: 0.9,
  classes: [
    { name: 'Road', shareTeacher: 0.5, shareStudent: 0.25, iou: null, iouTeacher: null, iouStudent: null },
  ],
  images: [0.99, 0.5].map((equalShare, index) => ({
    image: `a b/${index}#".jpg`,
    width: 4,
    height: 3,
    equalShare,
    difference: `difference/a b/${index}#".png`,
    teacher: { ...onImage, mask: 'teacher/x.png' },
    student: { ...onImage, mask: 'student/x.png' },
  })),
  problems: [{ code: 'image.empty', severity: 'error', title: 'the file is empty', subject: '<b>.jpg' }],
};

test('names from the file system are text, never markup, and links survive odd characters', () => {
  const html = comparisonHtml(comparison);
  expect(html).toContain('/data/&#60;street&#62;');
  expect(html).toContain('&#60;b&#62;.jpg: the file is empty');
  expect(html).toContain('src="difference/a%20b/1%23%22.png"');
  expect(html).not.toContain('<b>');
});

test('the most disputed image comes first', () => {
  const html = comparisonHtml(comparison);
  expect(html.indexOf('1%23')).toBeLessThan(html.indexOf('0%23'));
});

test('without ground truth there is no column of it', () => {
  expect(comparisonHtml(comparison)).not.toContain('mIoU');
});
