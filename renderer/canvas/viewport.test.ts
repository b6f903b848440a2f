import { describe, expect, it } from 'vitest';
import { imagePoint, screenPoint } from '#core/geometry.ts';
import type { Zoom } from '../store/useView.ts';
import {
  actualSize,
  fitScale,
  panBy,
  place,
  toImage,
  toScreen,
  visibleRect,
  zoomAt,
  zoomToRect,
} from './viewport.ts';

const stage = { width: 824, height: 424 };
const image = { width: 400, height: 200 };
const fit: Zoom = { mode: 'fit' };

describe('viewport', () => {
  it('fits the whole picture with its margin and centres it', () => {
    expect(fitScale(stage, image)).toBe(2);
    expect(place(fit, stage, image)).toEqual({ scale: 2, left: 12, top: 12 });
  });

  it('keeps the point under the cursor when it zooms', () => {
    const at = screenPoint(212, 112);
    expect(toImage(at, place(fit, stage, image))).toEqual(imagePoint(100, 50));
    const zoomed = zoomAt(fit, stage, image, at, 4);
    expect(place(zoomed, stage, image).scale).toBe(8);
    const back = toScreen(imagePoint(100, 50), place(zoomed, stage, image));
    expect(back.x).toBeCloseTo(212);
    expect(back.y).toBeCloseTo(112);
  });

  it('stops at 64 screen pixels per image pixel and at a quarter of the fitted size', () => {
    const at = screenPoint(412, 212);
    expect(place(zoomAt(fit, stage, image, at, 1e6), stage, image).scale).toBe(64);
    expect(place(zoomAt(fit, stage, image, at, 1e-6), stage, image).scale).toBe(0.5);
  });

  it('pans by screen pixels and never loses the picture', () => {
    const panned = panBy(fit, stage, image, 20, -10);
    expect(place(panned, stage, image)).toEqual({ scale: 2, left: 32, top: 2 });
    const far = panBy(fit, stage, image, 1e6, 1e6);
    expect(far).toMatchObject({ mode: 'free', centre: { x: 0, y: 0 } });
  });

  it('shows the same point in the middle of stages of different sizes', () => {
    const zoom = zoomAt(fit, stage, image, screenPoint(212, 112), 4);
    const inset = { width: 200, height: 100 };
    const middle = toImage(screenPoint(412, 212), place(zoom, stage, image));
    expect(toImage(screenPoint(100, 50), place(zoom, inset, image))).toEqual(middle);
  });

  it('goes to actual size around the middle', () => {
    expect(actualSize(fit, stage, image)).toEqual({ mode: 'free', scale: 1, centre: imagePoint(200, 100) });
  });

  it('shows a rectangle in a third of the stage, or the whole picture where it is larger', () => {
    const rect = { x: 90, y: 40, width: 30, height: 20 };
    const zoom = zoomToRect(rect, { width: 900, height: 600 }, image, 1 / 3);
    expect(zoom).toEqual({ mode: 'free', scale: 10, centre: imagePoint(105, 50) });
    const tall = { ...rect, height: 50 };
    expect(zoomToRect(tall, { width: 900, height: 600 }, image, 1 / 3)).toMatchObject({ scale: 4 });
    expect(zoomToRect({ ...rect, width: 300 }, stage, image, 1 / 3)).toEqual({ mode: 'fit' });
  });

  it('fills the stage with the picture where the rectangle lies at its border', () => {
    const wide = { width: 900, height: 600 };
    const corner = { x: 0, y: 190, width: 30, height: 10 };
    const placement = place(zoomToRect(corner, wide, image, 1 / 3), wide, image);
    expect(placement.left).toBeCloseTo(12, 9);
    expect(image.height * placement.scale + placement.top).toBeCloseTo(600 - 12, 9);
    // Of a picture that is lower than the stage the middle is shown.
    const strip = { width: 400, height: 40 };
    const low = zoomToRect({ x: 300, y: 30, width: 30, height: 10 }, wide, strip, 1 / 3);
    expect(low).toMatchObject({ scale: 10, centre: { y: 20 } });
  });

  it('names the pixels in sight', () => {
    expect(visibleRect(place(fit, stage, image), stage, image)).toEqual({
      x: 0,
      y: 0,
      width: 400,
      height: 200,
    });
    const close: Zoom = { mode: 'free', scale: 8, centre: imagePoint(100, 50) };
    expect(visibleRect(place(close, stage, image), stage, image)).toEqual({
      x: 48,
      y: 23,
      width: 104,
      height: 54,
    });
    expect(visibleRect({ scale: 1, left: 5000, top: 0 }, stage, image)).toBeNull();
  });
});
