import type { Colour } from '../colour.ts';
import type { Frame, Shader, Stage } from '../stage.ts';
import { ellipse, limb } from '../shapes.ts';
import type { Vec3 } from '../vector.ts';
import { vec } from '../vector.ts';

/**
 * Draws solid sticks and balls onto an upright plane that faces the camera: `a` is forward, `s` to the right of
 * the figure, y up, in metres. Parts are painted from far to near.
 */
export class Figure {
  private readonly parts: { depth: number; outline: number[]; shader: Shader; classId: number }[] = [];
  private readonly frame: Frame;
  private readonly forwardU: number;
  private readonly forwardDepth: number;

  constructor(
    private readonly stage: Stage,
    x: number,
    z: number,
    headX: number,
    headZ: number,
    private readonly size: number,
    y = 0,
  ) {
    this.frame = stage.billboard(x, z, y);
    this.forwardU = headX * this.frame.u.x + headZ * this.frame.u.z;
    const away = vec(-this.frame.u.z, 0, this.frame.u.x);
    this.forwardDepth = headX * away.x + headZ * away.z;
  }

  /** On the plane: u, v, and metres towards the viewer. */
  private place(p: Vec3): { u: number; v: number; depth: number } {
    // Local x: to the right of the figure; z: forward.
    return {
      u: (p.z * this.forwardU + p.x * this.forwardDepth) * this.size,
      v: p.y * this.size,
      depth: (p.z * this.forwardDepth - p.x * this.forwardU) * this.size,
    };
  }

  limb(
    from: Vec3,
    fromRadius: number,
    to: Vec3,
    toRadius: number,
    colour: Colour,
    classId: number,
    nearer = 0,
  ): void {
    const a = this.place(from);
    const b = this.place(to);
    const outline = limb(a.u, a.v, fromRadius * this.size, b.u, b.v, toRadius * this.size);
    const radius = ((fromRadius + toRadius) / 2) * this.size;
    this.parts.push({
      depth: (a.depth + b.depth) / 2 - nearer,
      outline,
      shader: this.roundShader(colour, a.u, a.v, b.u, b.v, radius),
      classId,
    });
  }

  ball(at: Vec3, radiusU: number, radiusV: number, colour: Colour, classId: number, nearer = 0): void {
    const p = this.place(at);
    this.parts.push({
      depth: p.depth - nearer,
      outline: ellipse(p.u, p.v, radiusU * this.size, radiusV * this.size, 12),
      shader: this.roundShader(colour, p.u, p.v, p.u, p.v, radiusU * this.size),
      classId,
    });
  }

  /** A ring in the plane of forward and up: a wheel. */
  ring(at: Vec3, radius: number, thickness: number, colour: Colour, classId: number): void {
    const p = this.place(at);
    const squeeze = Math.max(0.1, Math.abs(this.forwardU));
    const radiusV = radius * this.size;
    const radiusU = Math.max(radiusV * squeeze, 0.03);
    const outer = ellipse(p.u, p.v, radiusU, radiusV, 20);
    const innerV = radiusV - thickness;
    const innerU = radiusU - Math.max(thickness * squeeze, 0.02);
    // Even-odd: walking the inner circle too leaves a hole; without one the wheel is seen from its edge.
    if (innerU > 0.02) {
      const inner = ellipse(p.u, p.v, innerU, innerV, 20);
      outer.push(outer[0]!, outer[1]!, ...inner, inner[0]!, inner[1]!);
    }
    const shader: Shader = (_hit, out) => {
      out.r = colour.r;
      out.g = colour.g;
      out.b = colour.b;
    };
    this.parts.push({ depth: p.depth + 0.02, outline: outer, shader, classId });
  }

  /** Puts everything on the stage. */
  finish(): void {
    const order = this.parts.map((part, index) => ({ part, index }));
    order.sort((a, b) => b.part.depth - a.part.depth || a.index - b.index);
    for (const { part } of order) this.stage.add(this.frame, part.outline, part.classId, part.shader);
  }

  private roundShader(
    colour: Colour,
    au: number,
    av: number,
    bu: number,
    bv: number,
    radius: number,
  ): Shader {
    const { sunDirection } = this.stage.light;
    const sunSide = sunDirection.x * this.frame.u.x + sunDirection.z * this.frame.u.z;
    const du = bu - au;
    const dv = bv - av;
    const long = Math.sqrt(du * du + dv * dv);
    const nu = long > 1e-4 ? dv / long : 1;
    const nv = long > 1e-4 ? -du / long : 0;
    const flip = nu < 0 ? -1 : 1;
    return (hit, out) => {
      const off = Math.max(-1, Math.min(1, (((hit.u - au) * nu + (hit.v - av) * nv) * flip) / radius));
      const facing = Math.sqrt(1 - off * off);
      out.r = colour.r;
      out.g = colour.g;
      out.b = colour.b;
      out.ambient = 0.6 + 0.4 * facing;
      out.sun = Math.max(0, 0.45 * facing + 0.7 * off * sunSide);
    };
  }
}
