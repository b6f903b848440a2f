import { useDialog } from '../../store/useDialog.ts';
import { useHub } from '../../store/useHub.ts';
import { percent } from '../../ui/format.ts';
import { Icon } from '../../ui/icons/Icon.tsx';

/** Opens the download dialog; while one runs with its dialog closed it says how far it is. */
export function HubButton() {
  const job = useHub((state) => state.job);
  const progress = job.status === 'loading' ? job.progress : null;
  const share = progress && progress.total > 0 ? progress.done / progress.total : 0;
  return (
    <button
      type="button"
      className="button"
      data-testid="add-from-hub"
      onClick={() => useDialog.getState().show('hub')}
    >
      <Icon name="plus" />{' '}
      {job.status === 'loading'
        ? `Downloading, ${percent(Math.floor(share * 100) / 100, 0)}`
        : 'From the Hub…'}
    </button>
  );
}
