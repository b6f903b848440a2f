import { useMemo, useState } from 'react';
import { layerTitle } from '#core/gates/gateLayout.ts';
import type { GateStatistics } from '#core/gates/gateStatistics.ts';
import { neuronsToKeep } from '#core/gates/neuronsToKeep.ts';
import { typesByLayer, type LayerTypes } from '#core/gates/neuronTypes.ts';
import { unusualImages } from '#core/gates/unusualImages.ts';
import { compareFolderAction } from '../../actions/compareFolderAction.ts';
import { runAction } from '../../actions/runAction.ts';
import { useDialog } from '../../store/useDialog.ts';
import { useFolderRun } from '../../store/useFolderRun.ts';
import { useGates, type FolderGateRecords } from '../../store/useGates.ts';
import { useProject } from '../../store/useProject.ts';
import { percent } from '../../ui/format.ts';

const COLUMNS = [
  { key: 'order', label: 'Layer', title: 'In the order in which they run' },
  { key: 'always', label: 'I', title: 'Always kept: by every image' },
  { key: 'sometimes', label: 'II', title: 'Kept by some images' },
  { key: 'never', label: 'III', title: 'Never kept: by no image' },
] as const;
type Column = (typeof COLUMNS)[number]['key'];

const TOLERANCES = [0, 0.01, 0.05] as const;
const MOST_UNUSUAL = 12;

/** Over the folder: neurons that are always, sometimes and never kept, and the images that are unlike the others. */
export function FolderGates() {
  const folder = useGates((state) => state.folder);
  const project = useProject((state) => state.project);
  const wanted = useFolderRun((state) => state.wanted);
  const usable = project?.images.filter((image) => image.problem?.severity !== 'error').length ?? 0;
  const known = folder?.images.size ?? 0;
  return (
    <>
      <section className="panel-section" aria-label="Images" data-testid="gates-folder">
        <h2 className="panel-title">
          This folder
          <span className="faint">
            {known} of {usable} images
          </span>
        </h2>
        {known < usable &&
          (wanted ? (
            <p className="figures-note">running the rest, behind what you look at</p>
          ) : (
            <button
              type="button"
              className="button panel-action"
              data-testid="gates-run-folder"
              onClick={() => void runAction(compareFolderAction)}
            >
              Run the whole folder
            </button>
          ))}
      </section>
      {folder && known > 0 && (
        <>
          <Types statistics={folder.statistics} />
          <Cut statistics={folder.statistics} />
          <Unusual folder={folder} />
        </>
      )}
    </>
  );
}

interface OfFolder {
  readonly statistics: GateStatistics;
}

function Types({ statistics }: OfFolder) {
  const [tolerance, setTolerance] = useState<number>(0);
  const [sort, setSort] = useState<Column>('order');
  const rows = useMemo(() => typesByLayer(statistics, tolerance), [statistics, tolerance]);
  const sorted = useMemo(
    () =>
      sort === 'order'
        ? rows
        : [...rows].sort((a, b) => b[sort] / b.layer.neurons - a[sort] / a.layer.neurons),
    [rows, sort],
  );
  const sum = (of: 'always' | 'sometimes' | 'never'): number =>
    rows.reduce((total, row) => total + row[of], 0);
  return (
    <section className="panel-section" aria-label="Types of neurons">
      <h2 className="panel-title">
        Neurons by type
        <select
          className="select"
          aria-label="What counts as always and never"
          value={tolerance}
          onChange={(event) => setTolerance(Number(event.target.value))}
        >
          {TOLERANCES.map((value) => (
            <option key={value} value={value}>
              {value === 0 ? 'exactly' : `within ${value * 100}%`}
            </option>
          ))}
        </select>
      </h2>
      <table className="gate-types" data-testid="gate-types">
        <thead>
          <tr>
            {COLUMNS.map(({ key, label, title }) => (
              <th
                key={key}
                aria-sort={sort === key ? (key === 'order' ? 'ascending' : 'descending') : undefined}
              >
                <button type="button" title={`${title}. Sort by it`} onClick={() => setSort(key)}>
                  {label}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => (
            <TypeRow key={row.layer.name} row={row} />
          ))}
          <tr className="gate-types-sum">
            <td>all</td>
            <td>{sum('always')}</td>
            <td>{sum('sometimes')}</td>
            <td>{sum('never')}</td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}

function TypeRow({ row }: { readonly row: LayerTypes }) {
  const { layer, always, sometimes, never } = row;
  return (
    <tr data-layer={layer.name}>
      <td>
        <button
          type="button"
          className="gate-types-layer"
          title={`${layerTitle(layer)}: ${always} always, ${sometimes} sometimes, ${never} never kept of ${layer.neurons}. Show it`}
          onClick={() => document.querySelector(`[data-testid="layer-${layer.name}"]`)?.scrollIntoView()}
        >
          {layer.stage + 1}.{layer.block + 1} {layer.kind}
          <span className="gate-types-bar" aria-hidden="true">
            <span className="always" style={{ flexGrow: always }} />
            <span className="sometimes" style={{ flexGrow: sometimes }} />
            <span className="never" style={{ flexGrow: never }} />
          </span>
        </button>
      </td>
      <td>{always}</td>
      <td>{sometimes}</td>
      <td>{never}</td>
    </tr>
  );
}

function Cut({ statistics }: OfFolder) {
  const cut = useMemo(
    () => neuronsToKeep(statistics).reduce((total, layer) => total + layer.cut, 0),
    [statistics],
  );
  return (
    <section className="panel-section" aria-label="Make it permanent">
      <h2 className="panel-title">Make it permanent</h2>
      <p className="figures-note">
        {cut === 0
          ? 'Every neuron is kept by some image.'
          : `${cut} neurons that none of the ${statistics.images} images keeps can go: a smaller student that says the same of them.`}
      </p>
      {cut > 0 && (
        <button
          type="button"
          className="button panel-action"
          data-testid="gates-cut"
          onClick={() => useDialog.getState().show('cutStudent')}
        >
          Cut {cut} neurons…
        </button>
      )}
    </section>
  );
}

function Unusual({ folder }: { readonly folder: FolderGateRecords }) {
  const { statistics, images } = folder;
  const project = useProject((state) => state.project);
  const select = useProject((state) => state.selectImage);
  const imageId = useProject((state) => state.imageId);
  const ranked = useMemo(
    () =>
      unusualImages(
        statistics,
        [...images].map(([id, { bits }]) => [id, bits] as const),
      ).slice(0, MOST_UNUSUAL),
    [statistics, images],
  );
  const names = useMemo(() => new Map(project?.images.map(({ id, name }) => [id, name])), [project]);
  if (images.size < 2) return null;
  return (
    <section className="panel-section" aria-label="Most unusual images">
      <h2 className="panel-title" title="Mean over neurons of |kept − share of images that keep it|">
        Most unusual gates
      </h2>
      <ol className="gate-images" data-testid="unusual-images">
        {ranked.map(({ id, distance, layer }) => (
          <li key={id}>
            <button type="button" aria-current={id === imageId} onClick={() => select(id)}>
              <span className="ellipsis">{names.get(id)}</span>
              <b>{percent(distance)}</b>
              <span className="faint gate-images-layer">
                most in {layerTitle(statistics.layout.layers[layer]!)}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
