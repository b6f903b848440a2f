import { useMask } from '../../store/useMask.ts';
import { useSettings } from '../../store/useSettings.ts';
import { MAX_BRUSH_SIZE, MIN_BRUSH_SIZE } from '../../tools/brushSettings.ts';
import { hand } from '../../tools/hand.ts';
import { toolById } from '../../tools/tools.ts';
import { useTool } from '../../tools/useTool.ts';
import { Segmented } from '../../ui/Segmented.tsx';
import { Slider } from '../../ui/Slider.tsx';
import { sizeOfSlider, sliderOfSize } from './brushSizeScale.ts';
import { RoundIcon, SquareIcon } from './toolIcons.tsx';

/** What can be set of the tool in the hand, or, where nothing can, how it is used. */
export function ToolOptions() {
  const toolId = useTool((state) => state.toolId);
  const openPoints = useTool((state) => state.openPoints);
  const ready = useMask((state) => state.status === 'ready');
  const tool = toolById(toolId);
  const hint =
    ready && openPoints > 0
      ? `${openPoints} ${openPoints === 1 ? 'point' : 'points'}: Enter fills, Backspace takes one back, Esc drops it`
      : tool.hint;
  return (
    <div className="tool-options" aria-label={`${tool.label} options`} role="group">
      <span className="tool-name">{tool.label}</span>
      {toolId === 'brush' || toolId === 'eraser' ? (
        <BrushOptions />
      ) : (
        <span className="muted ellipsis" title={hint} data-testid="tool-hint">
          {hint}
        </span>
      )}
    </div>
  );
}

function BrushOptions() {
  const size = useSettings((state) => state.settings.brushSize);
  const shape = useSettings((state) => state.settings.brushShape);
  return (
    <>
      <Slider
        label="Brush size"
        value={sliderOfSize(size)}
        title="Brush size ( [ and ], or Alt+drag )"
        onChange={(value) => hand.setBrush({ size: sizeOfSlider(value) })}
      />
      <label className="brush-size">
        <input
          className="field"
          type="number"
          min={MIN_BRUSH_SIZE}
          max={MAX_BRUSH_SIZE}
          value={size}
          aria-label="Brush size in image pixels"
          data-testid="brush-size"
          onChange={(event) => {
            const next = event.target.valueAsNumber;
            if (Number.isFinite(next)) hand.setBrush({ size: next });
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur();
          }}
        />
        <span className="faint">px</span>
      </label>
      <Segmented
        label="Brush shape"
        value={shape}
        onChange={(next) => hand.setBrush({ shape: next })}
        options={[
          { value: 'round', label: <RoundIcon />, title: 'Round', testId: 'shape-round' },
          { value: 'square', label: <SquareIcon />, title: 'Square', testId: 'shape-square' },
        ]}
      />
    </>
  );
}
