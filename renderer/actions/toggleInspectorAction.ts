import type { Action } from './action.ts';
import { useSettings } from '../store/useSettings.ts';
import { INSPECTOR_WIDTH } from '../store/panelWidths.ts';

export const toggleInspectorAction: Action = {
  id: 'view.inspector',
  label: 'Show or hide the panel on the right',
  group: 'View',
  hotkeys: ['$mod+KeyI'],
  enabled: () => true,
  run: () => {
    const { settings, change } = useSettings.getState();
    change({ inspectorWidth: settings.inspectorWidth > 0 ? 0 : INSPECTOR_WIDTH });
  },
};
