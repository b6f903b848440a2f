/** A count as people read it, to the last pixel: `1,234,567`. */
export function pixelCount(count: number): string {
  return count.toLocaleString('en');
}
