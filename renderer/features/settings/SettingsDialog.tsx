import { useDialog } from '../../store/useDialog.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import { GeneralSettings } from './GeneralSettings.tsx';
import { HotkeySettings } from './HotkeySettings.tsx';
import './settings.css';

type Tab = 'settings' | 'hotkeySettings';

/** Everything that can be set; each change holds at once and is remembered. */
export function SettingsDialog({ tab }: { readonly tab: Tab }) {
  const show = useDialog((state) => state.show);
  const close = useDialog((state) => state.close);
  return (
    <Dialog title="Settings" onClose={close} testId="settings-dialog">
      <div className="settings">
        <Segmented<Tab>
          label="Part of the settings"
          value={tab}
          onChange={show}
          options={[
            { value: 'settings', label: 'General', testId: 'settings-general' },
            { value: 'hotkeySettings', label: 'Keys', testId: 'settings-keys' },
          ]}
        />
        {tab === 'settings' ? <GeneralSettings /> : <HotkeySettings />}
      </div>
    </Dialog>
  );
}
