import { useState } from 'react';
import { toProblem, type Problem } from '#core/problem.ts';
import type { PruneMethod } from '#core/prune/pruneReport.ts';
import { MAX_CALIBRATION_IMAGES } from '#core/prune/spreadImages.ts';
import { call } from '../../store/studio.ts';
import { modelIn, useModels } from '../../store/useModels.ts';
import { useProject } from '../../store/useProject.ts';
import { ProblemNote } from '../../ui/ProblemNote.tsx';
import { Segmented, type SegmentedOption } from '../../ui/Segmented.tsx';
import { usePruneJob } from './usePruneJob.ts';

/** With fewer, gates cannot tell one image from another. */
const FEW_IMAGES = 50;

const METHODS: readonly (SegmentedOption<PruneMethod> & { readonly says: string })[] = [
  {
    value: 'dynamic',
    label: 'Dynamic',
    testId: 'prune-dynamic',
    says: 'Gates choose the neurons for each image. They are fitted in closed form to what the model computes for the images of this folder.',
  },
  {
    value: 'static',
    label: 'Static',
    testId: 'prune-static',
    says: 'The neurons with the smallest weights are cut for good, the same share in every layer. What dynamic pruning is compared with.',
  },
];

export function PruneForm({ close }: { readonly close: () => void }) {
  const models = useModels((state) => state.models).filter(({ card }) => !card || card.gates.length === 0);
  const last = usePruneJob((state) => state.last);
  const project = useProject((state) => state.project);
  const images = project?.images.filter(({ problem }) => problem?.severity !== 'error') ?? [];
  const [teacherId, setTeacherId] = useState(
    () => last?.teacher.id ?? modelIn('teacher')?.id ?? models[0]?.id ?? '',
  );
  const [percent, setPercent] = useState(() => Math.round((last?.budget ?? 0.6) * 100));
  const [method, setMethod] = useState<PruneMethod>(last?.method ?? 'dynamic');
  const [folder, setFolder] = useState<string | null>(last?.folder ?? null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const teacher = models.find(({ id }) => id === teacherId) ?? models[0];
  const used = Math.min(images.length, MAX_CALIBRATION_IMAGES);
  const choose = async (): Promise<void> => {
    try {
      const chosen = await call('prune.choose', {});
      if (chosen === null) return;
      setFolder(chosen);
      setProblem(null);
    } catch (error) {
      setFolder(null);
      setProblem(toProblem(error, { code: 'prune.choose' }));
    }
  };
  return (
    <>
      <div className="dialog-body prune-body">
        <label className="prune-row">
          <span>Model</span>
          <select
            className="select"
            value={teacher?.id ?? ''}
            data-testid="prune-teacher"
            onChange={(event) => setTeacherId(event.target.value)}
          >
            {models.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label className="prune-row">
          <span>Multiply-adds to keep</span>
          <span className="prune-budget">
            <input
              type="range"
              min={10}
              max={100}
              value={percent}
              data-testid="prune-budget"
              aria-valuetext={`${percent} percent`}
              onChange={(event) => setPercent(Number(event.target.value))}
            />
            <output>{percent}%</output>
          </span>
        </label>
        <div className="prune-row">
          <span>Method</span>
          <Segmented label="Method" value={method} options={METHODS} onChange={setMethod} />
        </div>
        <p className="faint prune-says">{METHODS.find(({ value }) => value === method)?.says}</p>
        <div className="prune-row">
          <span>Images</span>
          <span>
            {used === images.length ? used : `${used} of ${images.length}`} of {project?.name ?? 'no folder'}
            {used < images.length && ', evenly spread'}
          </span>
        </div>
        {method === 'dynamic' && used > 0 && used < FEW_IMAGES && (
          <p className="faint prune-says">
            Few images: with {FEW_IMAGES} and more, of the kind that the student will see, gates choose
            better.
          </p>
        )}
        <div className="prune-row">
          <span>Folder of the student</span>
          <span className="prune-folder">
            <span
              className={`ellipsis ${folder === null ? 'faint' : 'selectable'}`}
              title={folder ?? undefined}
            >
              {folder ?? 'None chosen'}
            </span>
            <button type="button" className="button" data-testid="prune-choose" onClick={() => void choose()}>
              Choose…
            </button>
          </span>
        </div>
        {problem && <ProblemNote problem={problem} />}
      </div>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={close}>
          Cancel
        </button>
        <button
          type="button"
          className="button primary"
          data-testid="prune-run"
          disabled={!teacher || folder === null || images.length === 0}
          onClick={() => {
            if (teacher && folder !== null) {
              usePruneJob.getState().start({ teacher, images, budget: percent / 100, method, folder });
            }
          }}
        >
          Make the student
        </button>
      </div>
    </>
  );
}
