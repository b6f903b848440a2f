import { describe, expect, it } from 'vitest';
import { classId, type ClassTable } from '../labels/classTable.ts';
import { alphaOf, classColours, packRgba } from './classColours.ts';
import type { ClassMap } from './classMap.ts';
import { clearSurface, renderClasses, renderDifference, surfaceRect, type MapView } from './renderMap.ts';

const TABLE: ClassTable = {
  classes: [
    { id: classId(0), name: 'road', colour: [10, 20, 30] },
    { id: classId(3), name: 'car', colour: [50, 60, 70] },
  ],
  ignoreId: classId(255),
};
const ROAD = '10,20,30,255';
const CAR = '50,60,70,255';
const CLEAR = '0,0,0,0';

const mapOf = (width: number, ...ids: number[]): ClassMap => ({
  width,
  height: ids.length / width,
  ids: Uint8Array.from(ids),
});
const blank = (width: number, height: number) => ({ width, height, pixels: new Uint32Array(width * height) });
const read = (pixels: Uint32Array): string[] =>
  Array.from(pixels, (_, n) => new Uint8Array(pixels.buffer, n * 4, 4).join(','));

function drawn(
  map: ClassMap,
  view: MapView,
  size: readonly [number, number],
  options: { style?: 'fill' | 'outline'; opacity?: number; hidden?: ReadonlySet<number> } = {},
): string[] {
  const surface = blank(...size);
  const { style = 'fill', ...look } = options;
  const rect = { x: 0, y: 0, width: size[0], height: size[1] };
  renderClasses({ surface, rect, view, map, colours: classColours(TABLE, look), style });
  return read(surface.pixels);
}

const AS_IS = { scale: 1, left: 0, top: 0 };

describe('class colours', () => {
  it("are the table's; ignore is transparent, an id without a class magenta", () => {
    expect(drawn(mapOf(4, 0, 3, 255, 1), AS_IS, [4, 1])).toEqual([ROAD, CAR, CLEAR, '255,0,255,255']);
    const wide = { width: 2, height: 1, ids: new Uint16Array([3, 40000]) };
    expect(drawn(wide, AS_IS, [2, 1])).toEqual([CAR, '255,0,255,255']);
  });

  it('take their opacity as alpha, and hidden classes become nothing', () => {
    const look = { opacity: 0.5, hidden: new Set([3]) };
    expect(drawn(mapOf(3, 0, 3, 255), AS_IS, [3, 1], look)).toEqual(['10,20,30,128', CLEAR, CLEAR]);
    expect(alphaOf(7)).toBe(255);
  });
});

describe('a class map on a surface', () => {
  it('has crisp pixels where they are large, and nothing around the picture', () => {
    expect(drawn(mapOf(2, 0, 3), { scale: 2, left: 1, top: 0 }, [6, 2])).toEqual([
      ...[CLEAR, ROAD, ROAD, CAR, CAR, CLEAR],
      ...[CLEAR, ROAD, ROAD, CAR, CAR, CLEAR],
    ]);
  });

  it.each(['fill', 'outline'] as const)(
    'is the same whether repeated rows are copied or drawn: %s',
    (style) => {
      // prettier-ignore
      const map = mapOf(3,
      0, 0, 3,
      0, 255, 3,
      3, 3, 3,
    );
      const view = { scale: 3.4, left: -1.3, top: 0.6 };
      const colours = classColours(TABLE, { opacity: 0.5 });
      const rect = { x: 1, y: 1, width: 9, height: 10 };
      const render = (isBlank: boolean) => {
        const surface = blank(12, 12);
        renderClasses({ surface, rect, view, map, colours, style, blank: isBlank });
        return read(surface.pixels);
      };
      expect(render(true)).toEqual(render(false));
      expect(render(true)).toContain('50,60,70,128');
    },
  );

  it('mixes four places of a pixel where the picture is shown smaller', () => {
    // prettier-ignore
    const map = mapOf(4,
      0, 0, 0, 3,
      0, 0, 0, 3,
      255, 255, 3, 3,
      255, 255, 3, 3,
    );
    expect(drawn(map, { scale: 0.5, left: 0, top: 0 }, [2, 2])).toEqual([ROAD, '30,40,50,255', CLEAR, CAR]);
    expect(drawn(mapOf(2, 255, 3, 255, 3), { scale: 0.5, left: 0, top: 0 }, [1, 1])).toEqual([
      '50,60,70,128',
    ]);
  });

  it('draws outlines inside each region, and at the size at which they are seen', () => {
    // prettier-ignore
    const map = mapOf(4,
      0, 0, 0, 3,
      0, 0, 0, 3,
      0, 0, 0, 0,
    );
    expect(drawn(map, AS_IS, [4, 3], { style: 'outline' })).toEqual([
      ...[CLEAR, CLEAR, ROAD, CAR],
      ...[CLEAR, CLEAR, ROAD, CAR],
      ...[CLEAR, CLEAR, CLEAR, ROAD],
    ]);
    const long = mapOf(8, ...[0, 0, 0, 0, 3, 3, 3, 3], ...[0, 0, 0, 0, 3, 3, 3, 3]);
    expect(drawn(long, { scale: 0.5, left: 0, top: 0 }, [4, 1], { style: 'outline' })).toEqual([
      ...[CLEAR, ROAD, CAR, CLEAR],
    ]);
  });

  it('is drawn within the rectangle alone, and over what is there', () => {
    const surface = blank(3, 1);
    surface.pixels.fill(packRgba([200, 100, 0], 255));
    clearSurface(surface, { x: 0, y: 0, width: 1, height: 1 });
    const colours = classColours(TABLE, { opacity: 0.5 });
    const rect = { x: 0, y: 0, width: 2, height: 1 };
    renderClasses({ surface, rect, view: AS_IS, map: mapOf(3, 0, 0, 0), colours, style: 'fill' });
    expect(read(surface.pixels)).toEqual(['10,20,30,128', '105,60,15,255', '200,100,0,255']);
  });
});

describe('where two class maps differ', () => {
  const teacher = packRgba([1, 1, 1], 255);
  const student = packRgba([2, 2, 2], 255);
  const all = new Uint8Array(65536).fill(1);
  const disputed = (
    first: ClassMap,
    second: ClassMap,
    view: MapView,
    width: number,
    claims = all,
  ): string => {
    const surface = blank(width, 1);
    const rect = { x: 0, y: 0, width, height: 1 };
    renderDifference({
      ...{ surface, rect, view, teacher: first, student: second },
      ...{ teacherColour: teacher, studentColour: student, claims, stripe: 2 },
    });
    return read(surface.pixels)
      .map((pixel) => pixel.split(',')[0]!)
      .join('');
  };

  it('both claims show in stripes, one claim in its own colour', () => {
    expect(disputed(mapOf(5, 0, 0, 0, 0, 3), mapOf(5, 0, 3, 3, 3, 3), AS_IS, 5)).toBe('01220');
    const cars = new Uint8Array(65536);
    cars[3] = 1;
    expect(disputed(mapOf(3, 3, 0, 1), mapOf(3, 0, 3, 0), AS_IS, 3, cars)).toBe('120');
  });

  it('a single pixel stays in sight where the picture is shown smaller', () => {
    const same = mapOf(4, ...[0, 0, 0, 0], ...[0, 0, 0, 0]);
    const other = mapOf(4, ...[0, 0, 0, 0], ...[0, 0, 0, 3]);
    expect(disputed(same, other, { scale: 0.5, left: 0, top: 0 }, 2)).toBe('01');
  });
});

it('what of a surface shows a rectangle of the picture, with one pixel around it', () => {
  const surface = blank(100, 100);
  const view = { scale: 0.5, left: 10, top: 20 };
  expect(surfaceRect({ x: 20, y: 20, width: 8, height: 4 }, view, surface)).toEqual({
    ...{ x: 18, y: 28, width: 8, height: 6 },
  });
  expect(surfaceRect({ x: 900, y: 0, width: 1, height: 1 }, view, surface)).toBeNull();
});
