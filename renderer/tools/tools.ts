import { boxTool } from './box/boxTool.ts';
import { brushTool } from './brush/brushTool.ts';
import { eraserTool } from './eraser/eraserTool.ts';
import { fillTool } from './fill/fillTool.ts';
import { lassoTool } from './lasso/lassoTool.ts';
import { morphologyTool } from './morphology/morphologyTool.ts';
import { pickerTool } from './picker/pickerTool.ts';
import { polygonTool } from './polygon/polygonTool.ts';
import { snapBrushTool } from './snapBrush/snapBrushTool.ts';
import { stampTool } from './stamp/stampTool.ts';
import { superpixelTool } from './superpixel/superpixelTool.ts';
import type { Tool, ToolId } from './tool.ts';
import { wandTool } from './wand/wandTool.ts';

/** In the order of the tool bar. */
export const TOOLS: readonly Tool[] = [
  brushTool,
  eraserTool,
  snapBrushTool,
  superpixelTool,
  polygonTool,
  lassoTool,
  boxTool,
  fillTool,
  wandTool,
  stampTool,
  morphologyTool,
  pickerTool,
];

export function toolById(id: ToolId): Tool {
  return TOOLS.find((tool) => tool.id === id) ?? brushTool;
}
