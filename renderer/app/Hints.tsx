import { useEffect } from 'react';
import { useMask } from '../store/useMask.ts';
import { useProject } from '../store/useProject.ts';
import { useSettings } from '../store/useSettings.ts';
import { useView } from '../store/useView.ts';
import { Icon } from '../ui/icons/Icon.tsx';
import { HINTS } from './hintList.ts';

/** One short hint at a time, until each was followed once or waved away. */
export function Hints() {
  const followed = useSettings((state) => state.settings.hintsFollowed);
  const followHint = useSettings((state) => state.followHint);
  const place = useView((state) => state.place);
  const hasImage = useProject((state) => state.imageId !== null);
  useEffect(() => {
    const look = (): void => {
      for (const hint of HINTS) {
        if (hint.isFollowed(useView.getState(), useMask.getState())) followHint(hint.id);
      }
    };
    const stop = [useView.subscribe(look), useMask.subscribe(look)];
    return () => stop.forEach((one) => one());
  }, [followHint]);
  const next = HINTS.find((hint) => !followed.includes(hint.id));
  if (!next || place !== 'compare' || !hasImage) return null;
  return (
    <div className="hint" data-testid="hint">
      <span>{next.text}</span>
      <button
        type="button"
        className="icon-button"
        aria-label="Hide this hint"
        onClick={() => followHint(next.id)}
      >
        <Icon name="close" size={13} />
      </button>
    </div>
  );
}
