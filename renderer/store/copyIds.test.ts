import { describe, expect, it } from 'vitest';
import { copyIds } from './copyIds.ts';

describe('copyIds', () => {
  it('copies every id, also of what takes more than one turn, and keeps their width', async () => {
    const large = new Uint16Array((1 << 23) + 3).fill(300);
    large[(1 << 22) - 1] = 7;
    large[large.length - 1] = 9;
    const copy = await copyIds(large);
    expect(copy).toBeInstanceOf(Uint16Array);
    expect(copy.findIndex((id, n) => id !== large[n])).toBe(-1);
    expect(copy.length).toBe(large.length);
    expect(copy.buffer).not.toBe(large.buffer);
    const small = Uint8Array.of(1, 2);
    expect(await copyIds(small)).toEqual(small);
    expect(await copyIds(small)).not.toBe(small);
  });
});
