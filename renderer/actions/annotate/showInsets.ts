import { useSettings } from '../../store/useSettings.ts';
import type { Action } from '../action.ts';

export const showInsets: Action = {
  id: 'annotate.insets',
  label: 'Show or hide teacher and student beside the mask',
  group: 'Annotate',
  hotkeys: ['KeyV'],
  places: ['annotate'],
  enabled: () => true,
  run: () => {
    const { settings, change } = useSettings.getState();
    change({ insetsOpen: !settings.insetsOpen });
  },
};
