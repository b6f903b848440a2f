import { useMask } from '../../store/useMask.ts';
import type { ToolId } from '../../tools/tool.ts';
import { toolById } from '../../tools/tools.ts';
import { useTool } from '../../tools/useTool.ts';
import { BrushOptions } from './options/BrushOptions.tsx';
import { EraseOptions } from './options/EraseOptions.tsx';
import { FillOptions } from './options/FillOptions.tsx';
import { MorphologyOptions } from './options/MorphologyOptions.tsx';
import { ShapeOptions } from './options/ShapeOptions.tsx';
import { SnapOptions } from './options/SnapOptions.tsx';
import { StampOptions } from './options/StampOptions.tsx';
import { SuperpixelOptions } from './options/SuperpixelOptions.tsx';
import { ToleranceOptions } from './options/ToleranceOptions.tsx';

/** What can be set of the tool in the hand, and how it is used. */
export function ToolOptions() {
  const toolId = useTool((state) => state.toolId);
  const openPoints = useTool((state) => state.openPoints);
  const ready = useMask((state) => state.status === 'ready');
  const tool = toolById(toolId);
  const hint =
    ready && toolId === 'polygon' && openPoints > 0
      ? `${openPoints} ${openPoints === 1 ? 'point' : 'points'}: Enter fills, Backspace takes one back, Esc drops it`
      : tool.hint;
  return (
    <div className="tool-options" aria-label={`${tool.label} options`} role="group">
      <span className="tool-name">{tool.label}</span>
      <OptionsOf toolId={toolId} />
      <span className="tool-hint muted ellipsis" title={hint} data-testid="tool-hint">
        {hint}
      </span>
    </div>
  );
}

function OptionsOf({ toolId }: { readonly toolId: ToolId }) {
  switch (toolId) {
    case 'brush':
      return <BrushOptions />;
    case 'eraser':
      return (
        <>
          <BrushOptions />
          <EraseOptions />
        </>
      );
    case 'snapBrush':
      return <SnapOptions />;
    case 'superpixel':
      return <SuperpixelOptions />;
    case 'polygon':
    case 'lasso':
    case 'box':
      return <ShapeOptions />;
    case 'fill':
      return <FillOptions />;
    case 'wand':
      return <ToleranceOptions />;
    case 'stamp':
      return <StampOptions />;
    case 'morphology':
      return <MorphologyOptions />;
    case 'picker':
      return null;
  }
}
