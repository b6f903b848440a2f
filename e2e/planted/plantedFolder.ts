import { encode } from 'fast-png';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RgbaImage } from '#core/imaging/rgbaImage.ts';
import type { ClassMap } from '#core/mask/classMap.ts';
import { SCENE_CLASS_NAMES } from '#core/scenes/classes.ts';
import { renderScene } from '#core/scenes/renderScene.ts';
import { plantErrors, type PlantedMaps } from './plantErrors.ts';
import { writeReplayModel } from './replayModel.ts';

export interface PlantedPicture extends PlantedMaps {
  /** Without its ending. */
  readonly name: string;
  readonly truth: ClassMap;
}

export interface PlantedFolder {
  /** The pictures, for the studio to open. */
  readonly images: string;
  /** Settings and models of a studio that has nothing else to do. */
  readonly userData: string;
  readonly pictures: readonly PlantedPicture[];
}

export interface PlantOptions {
  readonly count: number;
  /** Of the first scene; the next has the next. */
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  readonly settings?: object;
  /** Of the class that the student says: how sure it is. */
  readonly studentLogit?: number;
}

/** Renders street scenes and writes them with a teacher and a student that make known mistakes on them. */
export async function writePlantedFolder(parent: string, options: PlantOptions): Promise<PlantedFolder> {
  const { count, seed, width, height, settings, studentLogit } = options;
  const images = join(parent, 'images');
  await mkdir(images, { recursive: true });
  const rendered: { image: RgbaImage; picture: PlantedPicture }[] = [];
  for (let n = 0; n < count; n++) {
    const { image, classMap: truth } = renderScene({ seed: seed + n, width, height });
    const name = `scene_${String(n + 1).padStart(5, '0')}`;
    const data = new Uint8Array(image.data.buffer, image.data.byteOffset, image.data.length);
    await writeFile(join(images, `${name}.png`), encode({ width, height, data, channels: 4, depth: 8 }));
    rendered.push({ image, picture: { name, truth, ...plantErrors(truth, seed + n) } });
  }
  const models = join(parent, 'models');
  const write = (role: 'teacher' | 'student'): Promise<string> =>
    writeReplayModel(models, {
      id: `planted-${role}`,
      role,
      classNames: SCENE_CLASS_NAMES,
      pictures: rendered.map(({ image, picture }) => ({ image, says: picture[role] })),
      ...(role === 'student' && studentLogit !== undefined ? { logit: studentLogit } : {}),
    });
  const folders = [await write('teacher'), await write('student')];
  const userData = join(parent, 'user');
  await writeUserData(userData, folders, settings);
  return { images, userData, pictures: rendered.map(({ picture }) => picture) };
}

/** A studio's data folder in which these models are added and chosen. */
export async function writeUserData(
  userData: string,
  [teacher, student]: readonly string[],
  settings: object = {},
): Promise<void> {
  await mkdir(userData, { recursive: true });
  const chosen = { version: 1, teacherId: 'planted-teacher', studentId: 'planted-student', backend: 'wasm' };
  await writeFile(join(userData, 'models.json'), JSON.stringify({ version: 1, folders: [teacher, student] }));
  await writeFile(join(userData, 'settings.json'), JSON.stringify({ ...chosen, ...settings }));
}
