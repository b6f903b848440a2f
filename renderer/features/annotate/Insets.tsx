import { ActionKey } from '../../actions/ActionKey.tsx';
import { showInsets } from '../../actions/annotate/showInsets.ts';
import { useKeyOf } from '../../actions/useKeyOf.ts';
import { useSettings } from '../../store/useSettings.ts';
import { Icon } from '../../ui/icons/Icon.tsx';
import type { ShownPicture } from '../compare/usePicture.ts';
import { Inset } from './Inset.tsx';
import { keepFocus } from './keepFocus.ts';
import { PinIcon } from './toolIcons.tsx';

/** Teacher and student beside the mask (pinned) or over its corner; hidden, only a tab is left. */
export function Insets({ picture }: { readonly picture: ShownPicture }) {
  const open = useSettings(({ settings }) => settings.insetsOpen);
  const pinned = useSettings(({ settings }) => settings.insetsPinned);
  const change = useSettings((state) => state.change);
  const { bracketed } = useKeyOf(showInsets.id);
  if (!open) {
    return (
      <button
        type="button"
        className="button insets-tab"
        data-testid="insets-open"
        onMouseDown={keepFocus}
        onClick={() => void showInsets.run()}
      >
        Teacher, student <ActionKey id={showInsets.id} />
      </button>
    );
  }
  const pinTitle = pinned ? 'Float over the mask' : 'Pin beside the mask';
  return (
    <aside className="insets" data-pinned={pinned} aria-label="What the models see" data-testid="insets">
      <div className="insets-head">
        <span className="faint">click picks a class</span>
        <button
          type="button"
          className="icon-button"
          aria-pressed={pinned}
          aria-label={pinTitle}
          title={pinTitle}
          data-testid="insets-pin"
          onMouseDown={keepFocus}
          onClick={() => change({ insetsPinned: !pinned })}
        >
          <PinIcon />
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label="Hide"
          title={`Hide${bracketed}`}
          data-testid="insets-close"
          onMouseDown={keepFocus}
          onClick={() => void showInsets.run()}
        >
          <Icon name="close" />
        </button>
      </div>
      <Inset slot="teacher" picture={picture} />
      <Inset slot="student" picture={picture} />
    </aside>
  );
}
