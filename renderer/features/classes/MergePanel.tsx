import { useState } from 'react';
import { classId, className, type ClassId, type ClassTable } from '#core/labels/classTable.ts';
import { previewMerge, type ClassUsage } from '#core/labels/classUsage.ts';
import { useClassEditor } from '../../store/useClassEditor.ts';
import { pixelCount } from './pixelCount.ts';

interface MergePanelProps {
  readonly table: ClassTable;
  readonly sources: readonly ClassId[];
  /** null while the masks are counted. */
  readonly usage: ClassUsage | null;
  readonly onDone: () => void;
}

const images = (count: number): string => `${count} ${count === 1 ? 'mask' : 'masks'}`;

/** What merging would change, before it is changed, and the button that does it. */
export function MergePanel({ table, sources, usage, onDone }: MergePanelProps) {
  const edit = useClassEditor((state) => state.edit);
  const [target, setTarget] = useState<ClassId | null>(null);
  const others = table.classes.filter(({ id }) => !sources.includes(id));
  const names = sources.map((id) => className(table, id)).join(', ');
  const merge = async (): Promise<void> => {
    if (target === null || !(await edit({ kind: 'merge', sources: [...sources], target }))) return;
    onDone();
    await useClassEditor.getState().count();
  };
  return (
    <section className="classes-merge" aria-label="Merge">
      <label className="classes-merge-line">
        <span>
          Merge <strong>{names}</strong> into
        </span>
        <select
          className="select"
          aria-label={`Merge ${names} into`}
          data-testid="merge-target"
          value={target ?? ''}
          onChange={(event) =>
            setTarget(event.target.value === '' ? null : classId(Number(event.target.value)))
          }
        >
          <option value="">choose</option>
          {others.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
          <option value={table.ignoreId}>ignore</option>
        </select>
      </label>
      {target !== null && <Preview table={table} sources={sources} target={target} usage={usage} />}
      {target !== null && (
        <div className="classes-merge-foot">
          <button type="button" className="button" onClick={onDone}>
            Cancel
          </button>
          <button
            type="button"
            className="button primary"
            disabled={usage === null}
            data-testid="merge-run"
            onClick={() => void merge()}
          >
            Merge
          </button>
        </div>
      )}
    </section>
  );
}

type PreviewProps = Omit<MergePanelProps, 'onDone'> & { readonly target: ClassId };

function Preview({ table, sources, target, usage }: PreviewProps) {
  if (!usage) return <p className="muted">Counting what would change</p>;
  const preview = previewMerge(usage, table, { sources, target });
  const into = className(table, target);
  return (
    <div data-testid="merge-preview">
      <ul className="merge-rows">
        {preview.sources.map(({ id, name, images: masks, pixels }) => (
          <li key={id}>
            <span>{name}</span>
            <span className="muted">
              {images(masks)}, {pixelCount(pixels)} pixels
            </span>
          </li>
        ))}
        <li>
          <span>{into}</span>
          <span className="muted">
            {images(preview.before.images)}, {pixelCount(preview.before.pixels)} pixels →{' '}
            {images(preview.after.images)}, {pixelCount(preview.after.pixels)} pixels
          </span>
        </li>
      </ul>
      <p className="muted">
        {pixelCount(preview.pixels)} pixels in {preview.images} of {images(usage.masks.length)} change, as one
        step.
        {target !== table.ignoreId &&
          ` Models and ground truth that know the old names are read as ${into}.`}{' '}
        Masks that were exported stay as they are.
      </p>
    </div>
  );
}
