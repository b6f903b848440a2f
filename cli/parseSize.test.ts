import { expect, test } from 'vitest';
import { parseSize } from './parseSize.ts';

test('height comes first', () => expect(parseSize('512x1024')).toEqual({ height: 512, width: 1024 }));

test.each(['512', '512x', '0x5', '-3x5', '1e3x5', '512 x 1024', '512x1024x3'])('%s is refused', (text) => {
  expect(() => parseSize(text)).toThrow(
    `"${text}" is not a size. Write height x width in pixels, for example 360x480.`,
  );
});
