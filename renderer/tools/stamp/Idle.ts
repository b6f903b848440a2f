import { regionEdges, type Region } from '#core/disputes/region.ts';
import type { ImagePoint } from '#core/geometry.ts';
import { classId } from '#core/labels/classTable.ts';
import type { ClassMap } from '#core/mask/classMap.ts';
import { growRegion, paintRegion } from '#core/mask/growRegion.ts';
import type { ToolState } from '../tool.ts';
import type { ToolContext } from '../toolContext.ts';
import { lastPoint, type ToolEvent, type ToolModifiers } from '../toolEvent.ts';

type From = ToolContext['settings']['stampFrom'];

/** What a press here would copy: the region is found once, and stays while the pointer is in it. */
interface Found {
  readonly map: ClassMap;
  readonly id: number;
  readonly region: Region;
}

const OTHER: Readonly<Record<From, From>> = { teacher: 'student', student: 'teacher' };

/**
 * A press copies the region of one class under the pointer from a model into the mask; with Alt from the other
 * model. Its outline shows before it is pressed. There is nothing to hold.
 */
export class Idle implements ToolState {
  readonly name = 'Idle';
  readonly busy = false;
  private point: ImagePoint | null = null;
  private found: Found | null = null;

  onEvent(event: ToolEvent, context: ToolContext): ToolState {
    switch (event.type) {
      case 'pointerDown':
        this.stamp(event.point, event.modifiers, context);
        return this;
      case 'pointerMove':
        this.show(lastPoint(event.points), event.modifiers, context);
        return this;
      case 'modifiers':
        if (this.point) this.show(this.point, event.modifiers, context);
        return this;
      case 'settings':
      case 'pointerLeave':
      case 'interrupt':
        this.point = null;
        this.found = null;
        context.setOverlay(null);
        return this;
      case 'pointerUp':
      case 'doubleClick':
      case 'key':
        return this;
    }
  }

  private stamp(point: ImagePoint, modifiers: ToolModifiers, context: ToolContext): void {
    const from = sourceOf(modifiers, context);
    const found = this.find(point, from, context);
    if (!found) return;
    context.raster.beginStep();
    paintRegion(context.raster, found.region, classId(found.id));
    context.commit(`Stamp ${context.className(classId(found.id))} of the ${from}`);
  }

  private show(point: ImagePoint, modifiers: ToolModifiers, context: ToolContext): void {
    this.point = point;
    const before = this.found;
    this.found = this.find(point, sourceOf(modifiers, context), context);
    if (this.found === before) return;
    context.setOverlay(this.found && { kind: 'edges', lines: regionEdges(this.found.region) });
  }

  /** null outside the picture, before the model has looked, and where it says no class of the project. */
  private find(point: ImagePoint, from: From, context: ToolContext): Found | null {
    const map = context.says(from);
    const x = Math.floor(point.x);
    const y = Math.floor(point.y);
    if (!map || x < 0 || y < 0 || x >= map.width || y >= map.height) return null;
    const { ids, width } = map;
    const id = ids[y * width + x]!;
    if (id === context.ignoreId) return null;
    const { found } = this;
    if (found?.map === map && found.id === id && holds(found.region, x, y)) return found;
    const region = growRegion(map, x, y, (column, row) => ids[row * width + column] === id);
    return region && { map, id, region };
  }
}

function sourceOf({ alt }: ToolModifiers, { settings }: ToolContext): From {
  return alt ? OTHER[settings.stampFrom] : settings.stampFrom;
}

function holds({ rect, runs }: Region, x: number, y: number): boolean {
  if (x < rect.x || y < rect.y || x >= rect.x + rect.width || y >= rect.y + rect.height) return false;
  for (let at = 0; at < runs.length && runs[at]! <= y; at += 3) {
    if (runs[at] === y && x >= runs[at + 1]! && x < runs[at + 2]!) return true;
  }
  return false;
}
