import { useEffect, useState } from 'react';
import { addModelFile, addModelFolder } from '../../store/chooseModel.ts';
import { useDialog } from '../../store/useDialog.ts';
import { useModelFacts } from '../../store/useModelFacts.ts';
import { useModels } from '../../store/useModels.ts';
import { Icon } from '../../ui/icons/Icon.tsx';
import { BackendPanel } from './BackendPanel.tsx';
import { DescribeDialog } from './DescribeDialog.tsx';
import { HubButton } from './HubButton.tsx';
import { ModelRow } from './ModelRow.tsx';
import { RemoveDialog } from './RemoveDialog.tsx';
import './models.css';

/** The models that are known, what they are, which is in use, and what they run on. */
export function ModelsPlace() {
  const models = useModels((state) => state.models);
  const [asked, setAsked] = useState<string | null>(null);
  useEffect(() => {
    for (const model of models) void useModelFacts.getState().load(model);
  }, [models]);
  const [leaving, setLeaving] = useState<string | null>(null);
  const removed = models.find(({ id }) => id === leaving);
  const described = models.find(({ id, found }) => id === asked && found);
  return (
    <section className="models" aria-label="Models">
      <div className="models-inner">
        <div className="models-head">
          <h1>Models</h1>
          <div className="models-actions">
            <button
              type="button"
              className="button"
              data-testid="add-model"
              onClick={() => void addModelFolder()}
            >
              <Icon name="plus" /> Add a model folder
            </button>
            <button
              type="button"
              className="button"
              data-testid="add-model-file"
              onClick={() => void addModelFile()}
            >
              <Icon name="plus" /> Add an ONNX file
            </button>
            <HubButton />
            <button
              type="button"
              className="button"
              data-testid="prune-model"
              disabled={models.length === 0}
              onClick={() => useDialog.getState().show('prune')}
            >
              Make a student…
            </button>
          </div>
        </div>
        {models.length === 0 ? (
          <div className="empty">
            <p>
              No model is listed. Add a folder with <code>config.json</code>,{' '}
              <code>preprocessor_config.json</code> and <code>onnx/model.onnx</code>, as transformers.js has
              them, or any ONNX file for semantic segmentation. Both can be dropped here.
            </p>
          </div>
        ) : (
          <div className="models-scroll">
            <table className="models-table">
              <thead>
                <tr>
                  <th scope="col">Use as</th>
                  <th scope="col">Model</th>
                  <th scope="col" className="number">
                    Keep
                  </th>
                  <th scope="col" className="number">
                    Classes
                  </th>
                  <th scope="col" className="number">
                    Parameters
                  </th>
                  <th scope="col" className="number">
                    Multiply-adds
                  </th>
                  <th scope="col" className="number">
                    File
                  </th>
                  <th scope="col">Parity</th>
                  <th scope="col">Licence</th>
                </tr>
              </thead>
              <tbody>
                {models.map((model) => (
                  <ModelRow
                    key={model.id}
                    model={model}
                    describe={() => setAsked(model.id)}
                    remove={() => setLeaving(model.id)}
                  />
                ))}
              </tbody>
            </table>
          </div>
        )}
        <BackendPanel />
      </div>
      {described?.found && (
        <DescribeDialog model={described} found={described.found} close={() => setAsked(null)} />
      )}
      {removed && <RemoveDialog model={removed} close={() => setLeaving(null)} />}
    </section>
  );
}
