import { cosine, sine } from './trigonometry.ts';

/** Corners of a rectangle. */
export function rectangle(left: number, bottom: number, right: number, top: number): number[] {
  return [left, bottom, right, bottom, right, top, left, top];
}

/** Corners of an ellipse. */
export function ellipse(u: number, v: number, radiusU: number, radiusV = radiusU, corners = 16): number[] {
  const points: number[] = [];
  for (let i = 0; i < corners; i++) {
    const angle = (2 * Math.PI * (i + 0.5)) / corners;
    points.push(u + radiusU * cosine(angle), v + radiusV * sine(angle));
  }
  return points;
}

/** Outline of a limb from one round end to another. */
export function limb(au: number, av: number, ar: number, bu: number, bv: number, br: number): number[] {
  const du = bu - au;
  const dv = bv - av;
  const long = Math.sqrt(du * du + dv * dv);
  if (long < 1e-4) return ellipse(au, av, Math.max(ar, br), Math.max(ar, br), 10);
  const eu = du / long;
  const ev = dv / long;
  const points: number[] = [];
  const cap = (u: number, v: number, radius: number, from: number): void => {
    for (let i = 0; i <= 4; i++) {
      const angle = from + (Math.PI * i) / 4;
      const c = cosine(angle);
      const s = sine(angle);
      points.push(u + radius * (eu * c - ev * s), v + radius * (ev * c + eu * s));
    }
  };
  cap(bu, bv, br, -Math.PI / 2);
  cap(au, av, ar, Math.PI / 2);
  return points;
}
