import { useEffect, useState } from 'react';
import { modelIn, useModels, type ModelSlot } from '../../store/useModels.ts';
import { useProject } from '../../store/useProject.ts';
import { finishedRun, runKey, useResults, type ModelRun, type RunState } from '../../store/useResults.ts';
import { useStopped } from '../../store/useStopped.ts';
import { change, macs, milliseconds } from '../../ui/format.ts';

/** Nobody wants to stop what is done in a moment. */
const STOP_AFTER_MS = 3000;

/** What the run of a model on the chosen image cost: time by step, multiply-adds, backend. */
export function ModelFooter({ slot }: { readonly slot: ModelSlot }) {
  const imageId = useProject((state) => state.imageId);
  const modelId = useModels((state) => modelIn(slot, state)?.id ?? null);
  const modelSha256 = useModels((state) => modelIn(slot, state)?.sha256 ?? null);
  const teacherId = useModels((state) => modelIn('teacher', state)?.id ?? null);
  const state = useResults((results) =>
    imageId === null || modelId === null ? undefined : results.runs.get(runKey(imageId, modelId)),
  );
  const teacher = useResults((results) => finishedRun(imageId, teacherId, results));
  return (
    <footer className="model-footer" data-testid={`footer-${slot}`} data-status={state?.status ?? 'none'}>
      <FooterText state={state} reference={slot === 'student' ? teacher : null} />
      {state?.status === 'running' && modelSha256 !== null && <StopButton modelSha256={modelSha256} />}
    </footer>
  );
}

/** Of a run that takes long: it is ended, and its model set aside. */
function StopButton({ modelSha256 }: { readonly modelSha256: string }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), STOP_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  return (
    <button
      type="button"
      className="button footer-right"
      data-testid="stop-run"
      title="Ends this run; the model is not run again until you ask for it"
      onClick={() => useStopped.getState().ask(modelSha256)}
    >
      Stop
    </button>
  );
}

function FooterText({
  state,
  reference,
}: {
  readonly state: RunState | undefined;
  readonly reference: ModelRun | null;
}) {
  if (!state) return <span className="faint">not run yet</span>;
  switch (state.status) {
    case 'waiting':
      return <span className="faint">waiting</span>;
    case 'running':
      return (
        <span className="faint running">
          <span className="pulse" aria-hidden="true" />{' '}
          {state.tile ? `running, piece ${state.tile.index + 1} of ${state.tile.count}` : 'running'}
        </span>
      );
    case 'failed':
      return <span className="footer-failed">failed</span>;
    case 'done':
      return <RunCost run={state.run} reference={reference} />;
  }
}

function RunCost({ run, reference }: { readonly run: ModelRun; readonly reference: ModelRun | null }) {
  const { timings } = run;
  const faster =
    reference && (run.timings.inference - reference.timings.inference) / reference.timings.inference;
  const cheaper = reference?.macs && run.macs ? (run.macs - reference.macs) / reference.macs : null;
  const decoded = timings.decode > 0 ? `decode ${milliseconds(timings.decode)} ms, then ` : '';
  return (
    <>
      <span
        title={`${decoded}preprocess, inference and postprocess of ${
          run.tiles === 1 ? 'one' : `${run.tiles} overlapping pieces,`
        } ${run.inputWidth} × ${run.inputHeight} input${run.tiles === 1 ? '' : ' each'}${
          run.cold ? '. The first run of a session: its time carries costs that come once' : ''
        }`}
      >
        <span className="faint">
          <Word long="preprocess" short="pre" />
        </span>{' '}
        {milliseconds(timings.preprocess)}
        <span className="faint">
          {' '}
          · <Word long="inference" short="inf" />
        </span>{' '}
        <b>{milliseconds(timings.inference)}</b>
        <span className="faint">
          {' '}
          · <Word long="postprocess" short="post" />
        </span>{' '}
        {milliseconds(timings.postprocess)} ms
      </span>
      <span className="footer-right">
        {faster !== null && (
          <span title="Inference time against the teacher's, this image, this machine">
            {change(faster)} <span className="faint">time</span>
          </span>
        )}
        {run.macs !== null && (
          <span
            title={
              run.uncounted.length > 0
                ? `Multiply-adds of this run, without ${run.uncounted.join(', ')}`
                : 'Multiply-adds of this run: matrix products and convolutions'
            }
          >
            {run.uncounted.length > 0 && '≥ '}
            {macs(run.macs)} <span className="faint">MACs</span>
            {cheaper !== null && <b className="saving"> {change(cheaper)}</b>}
          </span>
        )}
        <span className="faint">{run.backend === 'wasm' ? 'WASM' : 'WebGPU'}</span>
      </span>
    </>
  );
}

function Word({ long, short }: { readonly long: string; readonly short: string }) {
  return (
    <>
      <span className="long">{long}</span>
      <span className="short" aria-hidden="true">
        {short}
      </span>
    </>
  );
}
