import { expect, test } from 'vitest';
import { comparisonPage } from './comparisonPage.ts';

test('what reports say of themselves is text, not markup', () => {
  const side = { folder: '<i>street</i>', made: { at: '<img src=x>', by: {} }, images: 3 };
  const page = comparisonPage({
    kind: 'dynaseg-comparison',
    version: 1,
    before: side,
    after: side,
    differences: ['<b>sizing</b>'],
    contestants: [],
    onlyBefore: ['<b>S</b>'],
    onlyAfter: [],
  });
  expect(page).not.toMatch(/<(i|img|b)\b/);
  expect(page).toContain('3 images');
});
