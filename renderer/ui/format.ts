/** 0.9312 as `93.1%`; `100%` and `0%` only where it is exactly so. */
export function percent(share: number, digits = 1): string {
  if (share === 0 || share === 1) return `${share * 100}%`;
  const least = 10 ** -digits;
  const value = Math.min(100 - least, Math.max(least, share * 100));
  return `${value.toFixed(digits)}%`;
}

/** A change against a whole: -0.51 as `−51%`, with a real minus sign. */
export function change(ratio: number): string {
  const value = Math.round(ratio * 100);
  return value === 0 ? '±0%' : `${value < 0 ? '−' : '+'}${Math.abs(value)}%`;
}

/** Multiply-adds: 4.1e9 as `4.10 G`. */
export function macs(count: number): string {
  if (count >= 1e9) return `${(count / 1e9).toFixed(2)} G`;
  if (count >= 1e6) return `${(count / 1e6).toFixed(1)} M`;
  return count >= 1e3 ? `${(count / 1e3).toFixed(1)} k` : String(count);
}

/** Milliseconds without a unit: one decimal below ten. */
export function milliseconds(value: number): string {
  return value < 9.95 ? value.toFixed(1) : value.toFixed(0);
}

/** Bytes as people read them: `14.9 MB`. */
export function bytes(count: number): string {
  if (count >= 1e9) return `${(count / 1e9).toFixed(1)} GB`;
  if (count >= 1e6) return `${(count / 1e6).toFixed(1)} MB`;
  if (count >= 1e3) return `${(count / 1e3).toFixed(0)} kB`;
  return `${count} B`;
}

/** An IoU or a confidence: `.93`, `1.00`. */
export function unit(value: number): string {
  const text = value.toFixed(2);
  return text.startsWith('0') ? text.slice(1) : text;
}

/** Parameters: `3.72 M`. */
export function parameters(count: number): string {
  if (count >= 1e6) return `${(count / 1e6).toFixed(2)} M`;
  return count >= 1e3 ? `${(count / 1e3).toFixed(0)} k` : String(count);
}
