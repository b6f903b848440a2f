import type { Context } from 'konva/lib/Context.js';
import type { PixelRect } from '#core/geometry.ts';
import type { Rgb } from '#core/labels/rgb.ts';
import type { OverlayShape } from '../store/stageTool.ts';
import { toScreen, type Placement } from './viewport.ts';

const HANDLE = 4;

/** Draws what a tool shows, with lines that are one pixel on screen at any zoom. */
export function drawOverlay(context: Context, shapes: readonly OverlayShape[], placement: Placement): void {
  for (const shape of shapes) {
    context.save();
    context.beginPath();
    trace(context, shape, placement);
    if ((shape.kind === 'path' || shape.kind === 'rect') && shape.fill && shape.colour) {
      context.setAttr('fillStyle', css(shape.colour, 0.35));
      context.fill();
    }
    if (shape.kind === 'handle') {
      context.setAttr('fillStyle', shape.active ? '#fff' : '#000');
      context.fill();
    }
    if (shape.kind === 'path' && shape.dashed) context.setLineDash([4, 4]);
    strokeTwice(
      context,
      'colour' in shape ? shape.colour : undefined,
      shape.kind === 'edges' && shape.strong ? 3 : 1,
    );
    context.restore();
  }
}

/** From this many screen pixels per image pixel on, the pixels' edges are shown. */
export const GRID_FROM = 12;

/** Hairlines between the pixels of the picture, where they are large enough to be told apart. */
export function drawPixelGrid(context: Context, visible: PixelRect, placement: Placement): void {
  const { scale, left, top } = placement;
  if (scale < GRID_FROM) return;
  const x0 = visible.x * scale + left;
  const y0 = visible.y * scale + top;
  const x1 = (visible.x + visible.width) * scale + left;
  const y1 = (visible.y + visible.height) * scale + top;
  context.save();
  context.beginPath();
  for (let column = visible.x; column <= visible.x + visible.width; column++) {
    const x = Math.round(column * scale + left) + 0.5;
    context.moveTo(x, y0);
    context.lineTo(x, y1);
  }
  for (let row = visible.y; row <= visible.y + visible.height; row++) {
    const y = Math.round(row * scale + top) + 0.5;
    context.moveTo(x0, y);
    context.lineTo(x1, y);
  }
  context.setAttr('strokeStyle', 'rgba(128, 128, 128, 0.4)');
  context.setAttr('lineWidth', 1);
  context.stroke();
  context.restore();
}

function trace(context: Context, shape: OverlayShape, placement: Placement): void {
  switch (shape.kind) {
    case 'circle': {
      const centre = toScreen(shape.centre, placement);
      context.arc(centre.x, centre.y, Math.max(1, shape.radius * placement.scale), 0, Math.PI * 2);
      return;
    }
    case 'rect': {
      const { x, y, width, height } = shape.rect;
      const { scale, left, top } = placement;
      context.rect(x * scale + left, y * scale + top, width * scale, height * scale);
      return;
    }
    case 'path': {
      shape.points.forEach((at, index) => {
        const { x, y } = toScreen(at, placement);
        if (index === 0) context.moveTo(x, y);
        else context.lineTo(x, y);
      });
      if (shape.closed) context.closePath();
      return;
    }
    case 'handle': {
      const { x, y } = toScreen(shape.at, placement);
      context.rect(x - HANDLE, y - HANDLE, HANDLE * 2, HANDLE * 2);
      return;
    }
    case 'edges': {
      const { lines } = shape;
      const { scale, left, top } = placement;
      for (let at = 0; at < lines.length; at += 4) {
        context.moveTo(lines[at]! * scale + left, lines[at + 1]! * scale + top);
        context.lineTo(lines[at + 2]! * scale + left, lines[at + 3]! * scale + top);
      }
      return;
    }
  }
}

/** Dark under light: seen on snow and on asphalt. */
function strokeTwice(context: Context, colour: Rgb | undefined, width = 1): void {
  context.setAttr('strokeStyle', 'rgba(0, 0, 0, 0.75)');
  context.setAttr('lineWidth', width + 2);
  context.stroke();
  context.setAttr('strokeStyle', colour ? css(colour, 1) : '#fff');
  context.setAttr('lineWidth', width);
  context.stroke();
}

const css = ([red, green, blue]: Rgb, alpha: number): string => `rgba(${red}, ${green}, ${blue}, ${alpha})`;
