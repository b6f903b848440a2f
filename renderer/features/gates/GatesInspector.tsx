import { useState } from 'react';
import { Segmented } from '../../ui/Segmented.tsx';
import { FolderGates } from './FolderGates.tsx';
import { ForcePanel } from './ForcePanel.tsx';
import { LayerRanking } from './LayerRanking.tsx';
import { NeuronReadout } from './NeuronReadout.tsx';
import { OverlapPanel } from './OverlapPanel.tsx';

type Tab = 'image' | 'folder' | 'overlap';

/** The panel on the right of Gates: the neuron pointed at, what is forced and what that changes, the folder. */
export function GatesInspector() {
  const [tab, setTab] = useState<Tab>('image');
  return (
    <aside className="inspector gates-inspector" aria-label="Gates in figures">
      <NeuronReadout />
      <div className="gates-tabs">
        <Segmented
          label="Gates of"
          value={tab}
          onChange={setTab}
          options={[
            { value: 'image', label: 'This image', testId: 'gates-tab-image' },
            { value: 'folder', label: 'Folder', testId: 'gates-tab-folder' },
            { value: 'overlap', label: 'Overlap', testId: 'gates-tab-overlap' },
          ]}
        />
      </div>
      {tab === 'image' && (
        <>
          <ForcePanel />
          <LayerRanking />
        </>
      )}
      {tab === 'folder' && <FolderGates />}
      {tab === 'overlap' && <OverlapPanel />}
    </aside>
  );
}
