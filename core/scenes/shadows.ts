import type { Vec3 } from './vector.ts';

/** A box that keeps the sun off: a car, a person, a chimney. Turned around the upright axis. */
export interface ShadowBox {
  readonly x: number;
  readonly z: number;
  /** Unit vector of its long side, on the ground. */
  readonly alongX: number;
  readonly alongZ: number;
  readonly halfLength: number;
  readonly halfWidth: number;
  readonly bottom: number;
  readonly top: number;
}

/** A crown of leaves that keeps most of the sun off. */
export interface ShadowBall {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly radius: number;
}

/** A row of houses beside the street: it keeps the sun off whatever is on its other side. */
export interface ShadowWall {
  /** Metres from the middle of the camera's path to the fronts, negative on the left. */
  readonly across: number;
  /** Metres along the street of the first entry of `heights`; each stands for one metre. */
  readonly start: number;
  readonly heights: Float64Array;
}

/** Darkness under something that stands on the ground, soft-edged. */
export interface ContactShadow {
  readonly x: number;
  readonly z: number;
  readonly alongX: number;
  readonly alongZ: number;
  readonly halfLength: number;
  readonly halfWidth: number;
  readonly softness: number;
  readonly strength: number;
}

const CELL = 6;
const NO_BALLS: readonly ShadowBall[] = [];

/** All that darkens: asked for every sample, so things are kept by their place along the street. */
export class Shadows {
  readonly walls: ShadowWall[] = [];
  private readonly boxes = new Map<number, (ShadowBox & { readonly radius: number })[]>();
  private readonly sunFlat: number;
  private readonly balls = new Map<number, ShadowBall[]>();
  private readonly contacts = new Map<number, (ContactShadow & { readonly reach: number })[]>();

  constructor(
    private readonly sun: Vec3,
    private readonly sunny: boolean,
    /** Of the street: x = across + bend * z^2 / 2. */
    private readonly bend: number,
  ) {
    this.sunFlat = Math.sqrt(sun.x * sun.x + sun.z * sun.z);
  }

  addBox(box: ShadowBox): void {
    if (!this.sunny) return;
    // As far along the street as its shadow on the ground can reach.
    const reach = Math.max(box.halfLength, box.halfWidth) + 0.5;
    const thrown = -(this.sun.z / this.sun.y) * box.top;
    const radius = Math.sqrt(box.halfLength * box.halfLength + box.halfWidth * box.halfWidth);
    insert(
      this.boxes,
      { ...box, radius },
      box.z - reach + Math.min(0, thrown),
      box.z + reach + Math.max(0, thrown),
    );
  }

  addBall(ball: ShadowBall): void {
    if (!this.sunny) return;
    const spread = ball.radius / this.sun.y + 0.5;
    const thrown = -(this.sun.z / this.sun.y) * ball.y;
    insert(this.balls, ball, ball.z - spread + Math.min(0, thrown), ball.z + spread + Math.max(0, thrown));
  }

  addContact(contact: ContactShadow): void {
    const long = contact.halfLength + contact.softness;
    const wide = contact.halfWidth + contact.softness;
    const reach = Math.sqrt(long * long + wide * wide);
    insert(this.contacts, { ...contact, reach }, contact.z - reach, contact.z + reach);
  }

  /** 1 in the sun, 0 in the shade. */
  sunAt(x: number, y: number, z: number): number {
    if (!this.sunny) return 1;
    const { sun } = this;
    const across = x - (this.bend * z * z) / 2;
    for (const wall of this.walls) {
      const way = (wall.across - across) / sun.x;
      if (way < 0.3) continue;
      const high = wall.heights[Math.floor(z + way * sun.z - wall.start)];
      if (high !== undefined && y + way * sun.y < high) return 0;
    }
    let light = 1;
    const cell = Math.floor(z / CELL);
    for (const ball of this.balls.get(cell) ?? NO_BALLS) {
      const bx = ball.x - x;
      const by = ball.y - y;
      const bz = ball.z - z;
      const along = bx * sun.x + by * sun.y + bz * sun.z;
      if (along < ball.radius * 0.3) continue;
      const off = bx * bx + by * by + bz * bz - along * along;
      const edge = ball.radius * ball.radius;
      if (off < edge) light = Math.min(light, off > edge * 0.7 ? (off / edge - 0.7) * 2.2 + 0.22 : 0.22);
    }
    const boxes = this.boxes.get(cell);
    if (boxes !== undefined && y < 3) {
      for (const box of boxes) {
        // Only what the ray passes close enough, seen from above, is worth the full test.
        const off = (x - box.x) * sun.z - (z - box.z) * sun.x;
        const limit = box.radius * this.sunFlat;
        if (off < limit && off > -limit && hitsBox(box, sun, x, y, z)) return 0;
      }
    }
    return light;
  }

  /** 1 in the open, less under and close beside things; for points on the ground. */
  openness(x: number, z: number): number {
    const contacts = this.contacts.get(Math.floor(z / CELL));
    if (contacts === undefined) return 1;
    let light = 1;
    for (const c of contacts) {
      const dx = x - c.x;
      if (dx > c.reach || dx < -c.reach) continue;
      const dz = z - c.z;
      const along = Math.abs(dx * c.alongX + dz * c.alongZ) - c.halfLength;
      const across = Math.abs(dx * c.alongZ - dz * c.alongX) - c.halfWidth;
      if (along > c.softness || across > c.softness) continue;
      const ox = Math.max(0, along);
      const oz = Math.max(0, across);
      const far = Math.sqrt(ox * ox + oz * oz) / c.softness;
      if (far < 1) light *= 1 - c.strength * (1 - far) * (1 - far);
    }
    return light;
  }
}

function insert<T>(cells: Map<number, T[]>, item: T, from: number, to: number): void {
  for (let cell = Math.floor(from / CELL); cell <= Math.floor(to / CELL); cell++) {
    const list = cells.get(cell);
    if (list === undefined) cells.set(cell, [item]);
    else list.push(item);
  }
}

function hitsBox(box: ShadowBox, sun: Vec3, x: number, y: number, z: number): boolean {
  const dx = x - box.x;
  const dz = z - box.z;
  const { alongX, alongZ } = box;
  // What belongs to the box itself is shaded by its own facing, not by the box around it.
  const inside =
    y > box.bottom - 0.05 &&
    y < box.top + 0.15 &&
    Math.abs(dx * alongX + dz * alongZ) < box.halfLength + 0.12 &&
    Math.abs(dx * alongZ - dz * alongX) < box.halfWidth + 0.25;
  if (inside) return false;
  // Where the ray to the sun is between the two long sides, the two short ones, and floor and top.
  const a = crossing(dx * alongX + dz * alongZ, sun.x * alongX + sun.z * alongZ);
  const ra = reach(box.halfLength, sun.x * alongX + sun.z * alongZ);
  const b = crossing(dx * alongZ - dz * alongX, sun.x * alongZ - sun.z * alongX);
  const rb = reach(box.halfWidth, sun.x * alongZ - sun.z * alongX);
  const near = Math.max(0.02, a - ra, b - rb, (box.bottom - y) / sun.y);
  const far = Math.min(a + ra, b + rb, (box.top - y) / sun.y);
  return far - near > 0.04;
}

const safe = (step: number): number => (step < 1e-6 && step > -1e-6 ? 1e-6 : step);
const crossing = (from: number, step: number): number => -from / safe(step);
const reach = (half: number, step: number): number => Math.abs(half / safe(step));
