import { encode } from 'fast-png';
import { renderScene } from '#core/scenes/renderScene.ts';
import type { JobImage } from './protocol.ts';

/** What models are verified on: a rendered street with all its classes, the same everywhere. */
const PROBE = { seed: 77_001, width: 480, height: 360 };

let made: JobImage | null = null;

/** The probe picture as a file, lossless. */
export function probePicture(): JobImage {
  if (made) return made;
  const { width, height, data } = renderScene(PROBE).image;
  const rgba = new Uint8Array(data.buffer, data.byteOffset, data.length);
  const png = new Uint8Array(encode({ width, height, data: rgba, channels: 4, depth: 8 }));
  const name = 'the probe picture';
  made = { name, sha256: `probe ${PROBE.seed}`, file: new Blob([png], { type: 'image/png' }) };
  return made;
}
