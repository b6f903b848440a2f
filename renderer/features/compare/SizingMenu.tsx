import { inputSizingSchema, SIZING_WORDS } from '#core/inference/runSettings.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { changeRunSettings, runSettingsOf, useSettings } from '../../store/useSettings.ts';
import { Icon } from '../../ui/icons/Icon.tsx';
import { MenuButton } from '../../ui/MenuButton.tsx';

/** How pictures become this model's input, and what that means. */
export function SizingMenu({ model, testId }: { readonly model: ModelInfo; readonly testId: string }) {
  const sizing = useSettings((state) => runSettingsOf(model.id, state.settings).sizing);
  return (
    <MenuButton
      label={`Input of the model: ${SIZING_WORDS[sizing].label}`}
      className="button quiet sizing-button"
      testId={testId}
      button={
        <>
          <span className="sizing-words">{SIZING_WORDS[sizing].short}</span>
          <Icon name="chevron" size={12} />
        </>
      }
    >
      {(close) => (
        <>
          <p className="menu-title">How pictures are fed to {model.name}</p>
          {inputSizingSchema.options.map((option) => (
            <button
              key={option}
              type="button"
              role="menuitem"
              className="menu-item sizing-item"
              aria-current={option === sizing}
              data-testid={`${testId}-${option}`}
              onClick={() => {
                close();
                changeRunSettings(model.id, { sizing: option });
              }}
            >
              <span className="sizing-check">{option === sizing && <Icon name="check" size={14} />}</span>
              <span>
                {SIZING_WORDS[option].label}
                <span className="sizing-says">{SIZING_WORDS[option].says}</span>
              </span>
            </button>
          ))}
        </>
      )}
    </MenuButton>
  );
}
