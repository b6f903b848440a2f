import { brushTool } from './brush/brushTool.ts';
import { eraserTool } from './eraser/eraserTool.ts';
import { fillTool } from './fill/fillTool.ts';
import { pickerTool } from './picker/pickerTool.ts';
import { polygonTool } from './polygon/polygonTool.ts';
import type { Tool, ToolId } from './tool.ts';

/** In the order of the tool bar. */
export const TOOLS: readonly Tool[] = [brushTool, eraserTool, polygonTool, fillTool, pickerTool];

export function toolById(id: ToolId): Tool {
  return TOOLS.find((tool) => tool.id === id) ?? brushTool;
}
