import type { Colour } from './colour.ts';
import { mix, rgb, times } from './colour.ts';
import { PAVEMENT, ROAD, TREE } from './classes.ts';
import { fbm2, hash2, noise2 } from './noise.ts';
import type { Random } from './random.ts';
import { markingAt } from './roadMarkings.ts';
import type { Hit, Surface } from './stage.ts';
import type { GroundPlace, StreetPlan } from './streetPlan.ts';
import { locate } from './streetPlan.ts';

/** Road, kerbs, pavements, grass. */
export class Ground {
  private readonly place: GroundPlace;
  private readonly asphalt: Colour;
  private readonly paving: Colour;
  private readonly kerbStone: Colour;
  private readonly grass: Colour;
  private readonly paint: number;
  private readonly wear: number;
  private readonly wet: number;

  constructor(
    private readonly plan: StreetPlan,
    random: Random,
  ) {
    this.place = { region: 'road', side: plan.left, across: 0, outside: 0 };
    this.asphalt = times(mix(rgb(104, 104, 108), rgb(140, 136, 132), random.next()), random.range(0.75, 1.1));
    this.paving = times(
      random.pick([rgb(168, 162, 152), rgb(150, 148, 146), rgb(160, 140, 124), rgb(138, 136, 134)]),
      random.range(0.8, 1.1),
    );
    this.kerbStone = rgb(176, 174, 168);
    this.grass = mix(rgb(92, 116, 58), rgb(110, 112, 66), random.next());
    this.paint = random.range(0.6, 0.95);
    this.wear = random.range(0.1, 0.5);
    this.wet = random.chance(0.12) ? random.range(0.2, 0.5) : 0;
  }

  classAt(x: number, z: number): number {
    locate(this.plan, x, z, this.place);
    switch (this.place.region) {
      case 'road':
        return ROAD;
      case 'kerb':
      case 'pavement':
        return PAVEMENT;
      case 'verge':
        return TREE;
      case 'plot':
        return this.place.side.kind === 'park' || this.place.side.kind === 'villas' ? TREE : PAVEMENT;
    }
  }

  shade(hit: Hit, out: Surface): void {
    const { place, plan } = this;
    locate(plan, hit.x, hit.z, place);
    switch (place.region) {
      case 'road':
        this.shadeRoad(hit, out);
        return;
      case 'kerb': {
        // Kerb stones are a metre long; the first centimetres are the face, which lies in its own shade.
        const face = place.outside < 0.05 ? 0.62 : 1;
        const stone = 0.85 + 0.25 * hash2(Math.floor(hit.z), place.side.sign, plan.seed);
        paint(out, this.kerbStone, stone * face);
        return;
      }
      case 'pavement':
        this.shadePavement(hit, out);
        return;
      case 'verge':
        this.shadeGrass(hit, out);
        return;
      case 'plot':
        if (place.side.kind === 'park' || place.side.kind === 'villas') this.shadeGrass(hit, out);
        else this.shadePavement(hit, out);
    }
  }

  private shadeRoad(hit: Hit, out: Surface): void {
    const { plan, place } = this;
    const { seed } = plan;
    // Seen at a grazing angle a sample is far longer than wide.
    const stretch = hit.footprint * Math.max(1, hit.depth / 1.4);
    let tone = 0.9 + 0.22 * (fbm2(place.across * 0.35, hit.z * 0.06, seed, 3) - 0.5);
    const grainWeight = Math.max(0, 1 - stretch / 0.12);
    if (grainWeight > 0) {
      tone += grainWeight * 0.34 * (noise2(hit.x * 45, hit.z * 45, seed + 1) - 0.5);
      tone += grainWeight * 0.16 * (noise2(hit.x * 9, hit.z * 9, seed + 2) - 0.5);
    }
    // Repairs are darker rectangles; wheels polish two tracks in each lane; dirt gathers in the gutter.
    const patchX = Math.floor((place.across + 40) / 1.7);
    const patchZ = Math.floor(hit.z / 7.3);
    if (hash2(patchX, patchZ, seed + 5) < 0.07) tone *= 0.82;
    const lane = (place.across - plan.centreLine) / 3.1;
    const inLane = Math.abs(lane - Math.floor(lane) - 0.5);
    tone *= 1 + 0.07 * Math.max(0, 1 - Math.abs(inLane - 0.25) * 9);
    if (place.outside > -0.35) tone *= 0.8 + 0.57 * -place.outside;
    const cover = this.coverAt(hit.z, place.across, hit.footprint);
    paint(out, this.asphalt, tone * (1 - 0.75 * cover));

    const marking = markingAt(plan, place, hit.z, hit.footprint, stretch);
    if (marking.amount > 0) {
      const worn = 1 - this.wear * fbm2(hit.x * 3, hit.z * 1.5, seed + 9, 3) * 1.4;
      const amount = marking.amount * Math.max(0.2, worn);
      const red = marking.yellow ? 0.72 * this.paint : this.paint;
      const green = marking.yellow ? 0.5 * this.paint : this.paint;
      const blue = marking.yellow ? 0.06 : this.paint * 0.94;
      out.r += (red - out.r) * amount;
      out.g += (green - out.g) * amount;
      out.b += (blue - out.b) * amount;
    }
    if (this.wet > 0) {
      const puddle = this.wet * (0.3 + fbm2(place.across * 0.8, hit.z * 0.2, seed + 14, 3));
      out.r *= 1 - 0.5 * puddle;
      out.g *= 1 - 0.5 * puddle;
      out.b *= 1 - 0.5 * puddle;
      const grazing = 1 / (1 + 900 * hit.dy * hit.dy);
      out.er += puddle * grazing * 0.4;
      out.eg += puddle * grazing * 0.4;
      out.eb += puddle * grazing * 0.42;
    }
  }

  /** A manhole cover now and then. */
  private coverAt(z: number, across: number, footprint: number): number {
    const cell = Math.floor(z / 11);
    if (hash2(cell, 3, this.plan.seed + 20) > 0.6) return 0;
    const dz = z - (cell + 0.2 + 0.6 * hash2(cell, 4, this.plan.seed)) * 11;
    const dx = across - (hash2(cell, 5, this.plan.seed) * 6 - 2);
    const off = Math.sqrt(dx * dx + dz * dz);
    return off < 0.3 && footprint < 0.05 ? (off > 0.26 ? 0.9 : 0.5) : 0;
  }

  private shadePavement(hit: Hit, out: Surface): void {
    const { plan, place } = this;
    const { seed } = plan;
    const stretch = hit.footprint * Math.max(1, hit.depth / 1.4);
    let tone = 0.92 + 0.2 * (fbm2(hit.x * 0.5, hit.z * 0.2, seed + 40, 3) - 0.5);
    const fine = Math.max(0, 1 - stretch / 0.25);
    if (plan.pavementStyle === 'asphalt') {
      tone *= 0.8;
    } else if (fine > 0) {
      const slab = plan.pavementStyle === 'slabs' ? 0.6 : 0.2;
      const row = Math.floor(hit.z / slab);
      const shifted = place.across / (slab * 1.5) + (row & 1) * 0.5;
      const column = Math.floor(shifted);
      tone += fine * 0.16 * (hash2(row, column, seed + 41) - 0.5);
      const joint = Math.min((hit.z / slab - row) * slab, (shifted - column) * slab * 1.5);
      if (joint < 0.025) tone *= 1 - 0.3 * fine;
    }
    // Less light close to the house fronts.
    const { side } = place;
    const toFront = side.pavement + side.verge + side.kerb - place.across * side.sign;
    if (side.setback === 0 && toFront > 0 && toFront < 0.8) tone *= 0.72 + 0.35 * toFront;
    const grain = Math.max(0, 1 - stretch / 0.1);
    if (grain > 0) tone += grain * 0.18 * (noise2(hit.x * 40, hit.z * 40, seed + 42) - 0.5);
    paint(out, this.paving, tone);
  }

  private shadeGrass(hit: Hit, out: Surface): void {
    const { seed } = this.plan;
    let tone = 0.75 + 0.5 * fbm2(hit.x * 0.9, hit.z * 0.5, seed + 50, 3);
    const fine = Math.max(0, 1 - hit.footprint / 0.05);
    if (fine > 0) tone += fine * 0.5 * (noise2(hit.x * 24, hit.z * 14, seed + 51) - 0.5);
    paint(out, this.grass, tone);
  }
}

function paint(out: Surface, colour: Colour, tone: number): void {
  out.r = colour.r * tone;
  out.g = colour.g * tone;
  out.b = colour.b * tone;
}
