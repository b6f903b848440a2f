import { describe, expect, it } from 'vitest';
import { classId, createClassTable } from './classTable.ts';
import { sameClasses, translateIds } from './translateIds.ts';

const street = createClassTable(['Sky', 'Road', 'Car']);
const other = createClassTable(['road', 'person', 'sky'], classId(255));

describe('translateIds', () => {
  it('goes by name, upper and lower case alike, and ignores what the other table lacks', () => {
    expect([...translateIds(Uint8Array.of(0, 1, 2, 255), street, other)]).toEqual([2, 0, 255, 255]);
  });

  it('gives the same array where nothing changes', () => {
    const ids = Uint8Array.of(0, 1);
    expect(translateIds(ids, street, createClassTable(['SKY', 'road', 'car']))).toBe(ids);
    expect(sameClasses(street, other)).toBe(false);
  });

  it('takes what was chosen first, and passes over choices of classes that are not there', () => {
    const choices = { car: 'person', Road: 'ignore', Bicycle: 'sky', Sky: 'lamp' };
    expect([...translateIds(Uint8Array.of(0, 1, 2, 255), street, other, choices)]).toEqual([2, 255, 1, 255]);
    expect([...translateIds(Uint8Array.of(0, 1), street, street, { Sky: 'Road' })]).toEqual([1, 1]);
  });

  it('widens to two bytes for ids above 255', () => {
    const wide = createClassTable(
      Array.from({ length: 300 }, (_, index) => (index === 299 ? 'Sky' : `class ${index}`)),
      classId(65535),
    );
    const ids = translateIds(Uint8Array.of(0, 1), street, wide);
    expect(ids).toBeInstanceOf(Uint16Array);
    expect([...ids]).toEqual([299, 65535]);
  });
});
