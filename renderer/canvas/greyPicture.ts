import type { Picture } from './pictureStage.ts';

/** It only lies under what is drawn over it: more pixels than a screen has would cost time for nothing. */
const LONGEST_EDGE = 2048;
const GREY_LEVEL = 0.45;

const made = new WeakMap<Picture, Picture>();

/** The picture without colour and darker, made once. */
export function greyPicture(picture: Picture): Picture {
  const known = made.get(picture);
  if (known) return known;
  const scale = Math.min(1, LONGEST_EDGE / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) return picture;
  context.drawImage(picture, 0, 0, width, height);
  context.globalCompositeOperation = 'saturation';
  context.fillStyle = '#808080';
  context.fillRect(0, 0, width, height);
  context.globalCompositeOperation = 'source-over';
  context.fillStyle = `rgba(0, 0, 0, ${1 - GREY_LEVEL})`;
  context.fillRect(0, 0, width, height);
  made.set(picture, canvas);
  return canvas;
}
