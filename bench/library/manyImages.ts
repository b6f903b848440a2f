import { copyFile, link, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeScenes } from '../../cli/commands/scenes.ts';

const SCENES = 16;
/** Some file systems give a file no more names than this. */
const NAMES_OF_A_FILE = 10_000;

/**
 * A folder with `count` images of `width` x `height`, drive_1/frame_1.jpg and so on, 10,000 to a drive: a few
 * scenes of the generator under many names. Returns the folder.
 */
export async function writeManyImages(
  scratch: string,
  { count, width, height }: { count: number; width: number; height: number },
): Promise<string> {
  const scenes = join(scratch, 'scenes');
  await writeScenes({ out: scenes, count: SCENES, seed: 770_001, width, height, format: 'jpg' });
  const pictures = (await readdir(join(scenes, 'images'))).map((name) => join(scenes, 'images', name));
  const folder = join(scratch, 'many');
  const files: string[] = [];
  for (let n = 0; n < count; n++) {
    const drive = join(folder, `drive_${Math.floor(n / 10_000) + 1}`);
    if (n % 10_000 === 0) await mkdir(drive, { recursive: true });
    const path = join(drive, `frame_${(n % 10_000) + 1}.jpg`);
    const scene = n % SCENES;
    if (Math.floor(n / SCENES) % NAMES_OF_A_FILE === 0) {
      await copyFile(pictures[scene]!, path);
      files[scene] = path;
    } else await link(files[scene]!, path);
  }
  return folder;
}
