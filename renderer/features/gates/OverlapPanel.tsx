import { useMemo, useState } from 'react';
import { layerTitle } from '#core/gates/gateLayout.ts';
import { gateOverlap } from '#core/gates/gateOverlap.ts';
import { statisticsOf, type GateStatistics } from '#core/gates/gateStatistics.ts';
import { useGates } from '../../store/useGates.ts';
import { modelIn, useModels } from '../../store/useModels.ts';
import { useProject } from '../../store/useProject.ts';
import { unit } from '../../ui/format.ts';

/** A class counts as present from this share of the pixels on. */
const PRESENT = 0.005;

/** How much alike the kept neurons of two images, or of images with two classes, are. */
export function OverlapPanel() {
  const folder = useGates((state) => state.folder);
  const student = useModels((state) => modelIn('student', state));
  const project = useProject((state) => state.project);
  const imageId = useProject((state) => state.imageId);
  const [a, setA] = useState('image');
  const [b, setB] = useState('rest');
  const classes = useMemo(() => student?.classTable.classes ?? [], [student]);
  const found = useMemo(() => {
    if (!folder) return null;
    const groups = [a, b].map((choice) => {
      const picked = [...folder.images].filter(([id, { classPixels }]) => {
        if (choice === 'image') return id === imageId;
        if (choice === 'rest') return id !== imageId;
        if (choice.startsWith('image:')) return id === Number(choice.slice(6));
        const total = classPixels.reduce((sum, count) => sum + count, 0);
        return (classPixels[Number(choice.slice(6))] ?? 0) >= PRESENT * total;
      });
      return statisticsOf(
        folder.layout,
        picked.map(([, { bits }]) => bits),
      );
    });
    const [left, right] = groups as [GateStatistics, GateStatistics];
    return { left: left.images, right: right.images, overlap: gateOverlap(left, right) };
  }, [folder, a, b, imageId]);
  if (!folder || folder.images.size < 2) {
    return (
      <section className="panel-section">
        <p className="figures-note">At least two images must have been run: Folder, Run the whole folder.</p>
      </section>
    );
  }
  const others = project?.images.filter(({ id }) => id !== imageId && folder.images.has(id)) ?? [];
  const choice = (label: string, value: string, onChange: (value: string) => void, testId: string) => (
    <label className="overlap-choice">
      <span className="faint">{label}</span>
      <select
        className="select"
        value={value}
        data-testid={testId}
        onChange={(event) => onChange(event.target.value)}
      >
        <option value="image">this image</option>
        <option value="rest">all other images</option>
        <optgroup label="Images in which the student sees">
          {classes.map(({ id, name }, index) => (
            <option key={id} value={`class:${index}`}>
              {name}
            </option>
          ))}
        </optgroup>
        <optgroup label="One image">
          {others.slice(0, 500).map(({ id, name }) => (
            <option key={id} value={`image:${id}`}>
              {name}
            </option>
          ))}
        </optgroup>
      </select>
    </label>
  );
  return (
    <section className="panel-section" aria-label="Overlap" data-testid="gate-overlap">
      <h2 className="panel-title">Overlap of kept neurons</h2>
      {choice('between', a, setA, 'overlap-a')}
      {choice('and', b, setB, 'overlap-b')}
      {found && (
        <>
          <dl className="figures">
            <dt title="Jaccard's index of the kept neurons; of groups, the smaller frequencies over the larger">
              All layers
            </dt>
            <dd className="wide" data-testid="overlap-all">
              {found.overlap.all === null ? '–' : unit(found.overlap.all)}{' '}
              <span className="faint">
                {found.left} and {found.right} images
              </span>
            </dd>
          </dl>
          <ol className="overlap-layers">
            {folder.layout.layers.map((layer, index) => {
              const value = found.overlap.layers[index] ?? null;
              return (
                <li key={layer.name} title={layerTitle(layer)}>
                  <span>
                    {layer.stage + 1}.{layer.block + 1} {layer.kind}
                  </span>
                  <span className="overlap-bar">
                    <span style={{ width: `${(value ?? 0) * 100}%` }} />
                  </span>
                  <span>{value === null ? '–' : unit(value)}</span>
                </li>
              );
            })}
          </ol>
        </>
      )}
    </section>
  );
}
