import type { ReactNode } from 'react';
import type { Settings } from '#core/ipc/schemas.ts';
import { useProject } from '../../store/useProject.ts';
import { useSettings } from '../../store/useSettings.ts';
import { INSPECTOR_WIDTH, LIBRARY_WIDTH } from '../../store/panelWidths.ts';
import { NumberField } from '../../ui/NumberField.tsx';
import { Segmented } from '../../ui/Segmented.tsx';

/** How the studio looks and how the pen feels. */
export function GeneralSettings() {
  const settings = useSettings((state) => state.settings);
  const change = useSettings((state) => state.change);
  return (
    <div className="settings-list">
      <Row title="Theme">
        <Segmented<Settings['theme']>
          label="Theme"
          value={settings.theme}
          onChange={(theme) => change({ theme })}
          options={[
            { value: 'dark', label: 'Dark', testId: 'theme-dark' },
            { value: 'light', label: 'Light', testId: 'theme-light' },
            { value: 'system', label: 'Like the system', testId: 'theme-system' },
          ]}
        />
      </Row>
      <Row
        title="Colours of the classes"
        note="Only on screen. Exported masks keep their ids and the class table's own colours, and say so."
      >
        <Segmented<Settings['palette']>
          label="Colours of the classes"
          value={settings.palette}
          onChange={(palette) => change({ palette })}
          options={[
            { value: 'classes', label: 'Class table', testId: 'palette-classes' },
            { value: 'safe', label: 'Colour-blind safe', testId: 'palette-safe' },
          ]}
        />
        <Swatches />
      </Row>
      <Row title="Pen pressure" note="A pen pressed harder paints a wider stroke; a mouse is not changed.">
        <label className="settings-check">
          <input
            type="checkbox"
            checked={settings.tabletPressure}
            data-testid="tablet-pressure"
            onChange={(event) => change({ tabletPressure: event.target.checked })}
          />
          Changes the size of the brush
        </label>
      </Row>
      <Row
        title="Saving"
        note="Every finished stroke is in the project file at once. There is nothing to switch on, and no Save."
      >
        <span>Always on</span>
      </Row>
      <Row
        title="Models that hang"
        note="A model that gives no answer for a picture within this time is stopped; the studio goes on."
      >
        <NumberField
          label="Seconds after which a model is stopped"
          value={settings.runLimitSeconds}
          min={5}
          max={3600}
          unit="s"
          testId="run-limit"
          onChange={(runLimitSeconds) => change({ runLimitSeconds })}
        />
      </Row>
      <Row
        title="Where models are downloaded from"
        note="A mirror of the Hugging Face Hub, or nothing for the Hub itself. The variable HF_ENDPOINT goes before it. Nothing is asked there until you add a model."
      >
        <input
          className="field"
          type="url"
          spellCheck={false}
          placeholder="https://huggingface.co"
          aria-label="Where models are downloaded from"
          data-testid="hub-endpoint"
          value={settings.hubEndpoint}
          onChange={(event) => change({ hubEndpoint: event.target.value })}
        />
      </Row>
      <Row title="Panels and hints">
        <span className="settings-buttons">
          <button
            type="button"
            className="button"
            onClick={() => change({ libraryWidth: LIBRARY_WIDTH, inspectorWidth: INSPECTOR_WIDTH })}
          >
            Panels as they came
          </button>
          <button
            type="button"
            className="button"
            disabled={settings.hintsFollowed.length === 0}
            onClick={() => change({ hintsFollowed: [] })}
          >
            Show the hints again
          </button>
        </span>
      </Row>
    </div>
  );
}

interface RowProps {
  readonly title: string;
  readonly note?: string;
  readonly children: ReactNode;
}

function Row({ title, note, children }: RowProps) {
  return (
    <div className="settings-row">
      <div>
        <h3>{title}</h3>
        {note !== undefined && <p className="muted">{note}</p>}
      </div>
      <div className="settings-control">{children}</div>
    </div>
  );
}

/** The classes of the project as they are coloured now. */
function Swatches() {
  const classes = useProject((state) => state.project?.classTable.classes);
  return (
    <div className="settings-swatches" aria-hidden="true">
      {classes?.map(({ id, name, colour }) => (
        <span key={id} className="swatch" title={name} style={{ background: `rgb(${colour.join(' ')})` }} />
      ))}
    </div>
  );
}
