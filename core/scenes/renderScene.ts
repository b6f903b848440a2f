import type { RgbaImage } from '../imaging/rgbaImage.ts';
import type { ClassMap } from '../mask/classMap.ts';
import { ProblemError } from '../problem.ts';
import { SKY } from './classes.ts';
import { developPhoto } from './photo.ts';
import { createRandom } from './random.ts';
import { createBand, drawFaces, NOTHING } from './rasterizer.ts';
import type { Scene } from './scene.ts';
import { createScene } from './scene.ts';
import { Shading } from './shading.ts';

export interface SceneOptions {
  /** A whole number; the same seed and size give the same bytes on every machine. */
  readonly seed: number;
  readonly width: number;
  readonly height: number;
}

const MAX_EDGE = 16384;
/** Keeps the working memory small at any picture size. */
const SAMPLES_PER_BAND = 1 << 20;
const SAMPLES_PER_EDGE = 2;

/**
 * A street as a camera behind a windscreen sees it, and the class of the front-most object at every pixel's
 * centre. Classes are SCENE_CLASS_NAMES, every pixel has one. The street depends on the seed only, not on the
 * size.
 * @throws ProblemError scenes.size, scenes.seed
 */
export function renderScene(options: SceneOptions): { image: RgbaImage; classMap: ClassMap } {
  const { seed, width, height } = options;
  checkOptions(options);
  const scene = createScene(createRandom(seed), width, height);
  const light = new Float32Array(width * height * 3);
  const ids = new Uint8Array(width * height);
  const bandRows = Math.max(1, Math.floor(SAMPLES_PER_BAND / (width * SAMPLES_PER_EDGE * SAMPLES_PER_EDGE)));
  for (let row = 0; row < height; row += bandRows) {
    const rows = Math.min(bandRows, height - row);
    paintBand(scene, width, row, rows, light);
    classifyBand(scene, width, row, rows, ids);
  }
  const data = developPhoto(light, width, height, scene.photo);
  return { image: { width, height, data }, classMap: { width, height, ids } };
}

function checkOptions({ seed, width, height }: SceneOptions): void {
  for (const edge of [width, height]) {
    if (!Number.isInteger(edge) || edge < 1 || edge > MAX_EDGE) {
      throw new ProblemError({
        code: 'scenes.size',
        title: `a picture of ${width}x${height} cannot be rendered`,
        hint: `Width and height are whole numbers from 1 to ${MAX_EDGE}`,
      });
    }
  }
  if (!Number.isSafeInteger(seed)) {
    throw new ProblemError({
      code: 'scenes.seed',
      title: `seed ${seed} is not a whole number`,
      hint: 'Use a whole number, such as 1',
    });
  }
}

function paintBand(scene: Scene, width: number, firstRow: number, rows: number, light: Float32Array): void {
  const band = createBand(width, rows, SAMPLES_PER_EDGE, firstRow);
  drawFaces(band, scene.stage.faces);
  const shading = new Shading(scene, SAMPLES_PER_EDGE);
  const { columns, faceIndex } = band;
  const step = 1 / SAMPLES_PER_EDGE;
  const share = step * step;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < width; x++) {
      const to = ((firstRow + y) * width + x) * 3;
      const { sample } = shading;
      if (isOpenSky(scene, faceIndex, (y * columns + x) * SAMPLES_PER_EDGE, columns, x, firstRow + y)) {
        // Clouds are soft: one look per pixel will do.
        shading.shade(NOTHING, x + 0.5, firstRow + y + 0.5);
        light[to] = sample.er;
        light[to + 1] = sample.eg;
        light[to + 2] = sample.eb;
        continue;
      }
      let r = 0;
      let g = 0;
      let b = 0;
      for (let j = 0; j < SAMPLES_PER_EDGE; j++) {
        for (let i = 0; i < SAMPLES_PER_EDGE; i++) {
          const at = (y * SAMPLES_PER_EDGE + j) * columns + x * SAMPLES_PER_EDGE + i;
          shading.shade(faceIndex[at]!, x + (i + 0.5) * step, firstRow + y + (j + 0.5) * step);
          r += sample.er;
          g += sample.eg;
          b += sample.eb;
        }
      }
      light[to] = r * share;
      light[to + 1] = g * share;
      light[to + 2] = b * share;
    }
  }
}

/** True where no sample of the pixel (the first is at `at`) has a face and its lower edge is above the horizon. */
function isOpenSky(
  scene: Scene,
  faceIndex: Uint16Array,
  at: number,
  columns: number,
  x: number,
  y: number,
): boolean {
  for (let j = 0; j < SAMPLES_PER_EDGE; j++) {
    for (let i = 0; i < SAMPLES_PER_EDGE; i++) {
      if (faceIndex[at + j * columns + i] !== NOTHING) return false;
    }
  }
  const { corner, stepX, stepY } = scene.stage.camera;
  const left = corner.y + x * stepX.y + (y + 1) * stepY.y;
  return left > 0 && left + stepX.y > 0;
}

function classifyBand(scene: Scene, width: number, firstRow: number, rows: number, ids: Uint8Array): void {
  const band = createBand(width, rows, 1, firstRow);
  drawFaces(band, scene.stage.faces);
  const { corner, stepX, stepY, position } = scene.stage.camera;
  for (let y = 0; y < rows; y++) {
    const py = firstRow + y + 0.5;
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const index = band.faceIndex[at]!;
      let id = SKY;
      if (index !== NOTHING) {
        id = scene.stage.faces[index]!.classId;
      } else {
        const px = x + 0.5;
        const dy = corner.y + px * stepX.y + py * stepY.y;
        if (dy < 0) {
          const depth = -position.y / dy;
          const gx = position.x + depth * (corner.x + px * stepX.x + py * stepY.x);
          const gz = position.z + depth * (corner.z + px * stepX.z + py * stepY.z);
          id = scene.ground.classAt(gx, gz);
        }
      }
      ids[firstRow * width + at] = id;
    }
  }
}
