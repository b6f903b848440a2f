import { useKeyOf } from '../../actions/useKeyOf.ts';
import { hand } from '../../tools/hand.ts';
import type { Tool } from '../../tools/tool.ts';
import { TOOLS } from '../../tools/tools.ts';
import { useTool } from '../../tools/useTool.ts';
import { keepFocus } from './keepFocus.ts';
import { TOOL_ICONS } from './toolIcons.tsx';

/** The tools, one under the other; hovering says the name, the key and how it is used. */
export function ToolBar() {
  const toolId = useTool((state) => state.toolId);
  return (
    <div className="tool-bar" role="toolbar" aria-label="Tools" aria-orientation="vertical">
      {TOOLS.map((tool) => (
        <ToolButton key={tool.id} tool={tool} chosen={tool.id === toolId} />
      ))}
    </div>
  );
}

function ToolButton({ tool, chosen }: { readonly tool: Tool; readonly chosen: boolean }) {
  const { key, bracketed } = useKeyOf(`tool.${tool.id}`);
  return (
    <button
      type="button"
      className="tool-button"
      aria-label={`${tool.label}${bracketed}`}
      aria-pressed={chosen}
      data-testid={`tool-${tool.id}`}
      onMouseDown={keepFocus}
      onClick={() => hand.setTool(tool.id)}
    >
      {TOOL_ICONS[tool.id]}
      <span className="tool-tip" aria-hidden="true">
        <span className="tool-tip-head">
          {tool.label} {key !== '' && <span className="kbd">{key}</span>}
        </span>
        <span className="muted">{tool.hint}</span>
      </span>
    </button>
  );
}
