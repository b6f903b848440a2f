/**
 * Sine from the Taylor series, plain arithmetic only: engines may differ in the last bit of Math.sin, and
 * here a bit can flip a pixel. Error below 1e-9; `angle` in radians, moderate size.
 */
export function sine(angle: number): number {
  let x = angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
  if (x > Math.PI / 2) x = Math.PI - x;
  else if (x < -Math.PI / 2) x = -Math.PI - x;
  const s = x * x;
  return (
    x * (1 - (s / 6) * (1 - (s / 20) * (1 - (s / 42) * (1 - (s / 72) * (1 - (s / 110) * (1 - s / 156))))))
  );
}

/** Cosine, see `sine`. */
export function cosine(angle: number): number {
  return sine(angle + Math.PI / 2);
}
