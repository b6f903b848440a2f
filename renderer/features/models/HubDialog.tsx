import { useEffect, useState, type SubmitEvent } from 'react';
import type { HubListing } from '#core/models/hubRepository.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import type { ResponseOf } from '#core/ipc/contract.ts';
import { toProblem, type Problem } from '#core/problem.ts';
import { chooseModel } from '../../store/chooseModel.ts';
import { call } from '../../store/studio.ts';
import { useDialog } from '../../store/useDialog.ts';
import { useHub, type HubJob } from '../../store/useHub.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { FailedStep } from '../../ui/FailedStep.tsx';
import { bytes } from '../../ui/format.ts';
import { ProblemNote } from '../../ui/ProblemNote.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { RunningFoot } from '../../ui/RunningFoot.tsx';
import { transferWords } from './transferWords.ts';
import './hub.css';

/** A model by the name of its repository: which file of it, how far it is, what came of it. */
export function HubDialog() {
  const close = useDialog((state) => state.close);
  useEffect(() => {
    useHub.getState().show(true);
    return () => {
      useHub.getState().show(false);
      if (useHub.getState().job.status !== 'listed') useHub.getState().back();
    };
  }, []);
  return (
    <Dialog title="Add a model of the Hugging Face Hub" onClose={close} testId="hub-dialog">
      <HubStep close={close} />
    </Dialog>
  );
}

function HubStep({ close }: { readonly close: () => void }) {
  const job = useHub((state) => state.job);
  switch (job.status) {
    case 'idle':
    case 'looking':
      return <AddressForm looking={job.status === 'looking'} close={close} />;
    case 'listed':
      return <VariantForm listing={job.listing} />;
    case 'loading':
      return <Loading job={job} close={close} />;
    case 'added':
      return <Added model={job.model} close={close} />;
    case 'failed':
      return (
        <FailedStep
          problem={job.problem}
          close={close}
          className="hub-body"
          again={{ label: 'Back', run: () => useHub.getState().back(), testId: 'hub-back' }}
        />
      );
  }
}

const FROM = {
  option: 'as the start says',
  HF_ENDPOINT: 'as HF_ENDPOINT says',
  settings: 'as Settings say',
  default: 'the Hub itself; a mirror can be named in Settings',
} as const;

function AddressForm({ looking, close }: { readonly looking: boolean; readonly close: () => void }) {
  const address = useHub((state) => state.address);
  const [where, setWhere] = useState<ResponseOf<'hub.where'> | Problem | null>(null);
  useEffect(() => {
    call('hub.where', {}).then(setWhere, (error: unknown) =>
      setWhere(toProblem(error, { code: 'hub.endpoint' })),
    );
  }, []);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!looking && address.trim() !== '') void useHub.getState().look();
  };
  return (
    <form onSubmit={submit}>
      <div className="dialog-body hub-body">
        <label className="hub-address">
          <span>Repository</span>
          <input
            className="field"
            autoFocus
            spellCheck={false}
            placeholder="org/name, org/name@revision, or the address of its page"
            data-testid="hub-address"
            value={address}
            onChange={(event) => useHub.getState().type(event.target.value)}
          />
        </label>
        {where && 'url' in where && (
          <p className="faint hub-where">
            {looking ? 'Asking' : 'Asks'} {where.url}, {FROM[where.from]}. Nothing else leaves this machine.
          </p>
        )}
        {where && 'code' in where && <ProblemNote problem={where} />}
      </div>
      <div className="dialog-foot">
        <button
          type="button"
          className="button"
          onClick={() => (looking ? useHub.getState().cancel() : close())}
        >
          Cancel
        </button>
        <button
          type="submit"
          className="button primary"
          data-testid="hub-look"
          disabled={looking || address.trim() === ''}
        >
          {looking ? 'Looking…' : 'Look'}
        </button>
      </div>
    </form>
  );
}

const HERE = { no: '', part: 'begun', all: 'downloaded' } as const;

function VariantForm({ listing }: { readonly listing: HubListing }) {
  const { variants } = listing;
  const [file, setFile] = useState(variants[0]?.file ?? '');
  const chosen = variants.find((variant) => variant.file === file);
  return (
    <>
      <div className="dialog-body hub-body" data-testid="hub-listing">
        <Facts listing={listing} />
        <div className="hub-variants" role="radiogroup" aria-label="ONNX file">
          {variants.map((variant) => (
            <label key={variant.file} className="hub-variant">
              <input
                type="radio"
                name="variant"
                checked={variant.file === file}
                data-testid={`hub-variant-${variant.file}`}
                onChange={() => setFile(variant.file)}
              />
              <span className="ellipsis selectable">{variant.file}</span>
              <span className="muted">{variant.precision}</span>
              <span className="number">{bytes(variant.bytes)}</span>
              <span className="faint">{HERE[variant.here]}</span>
            </label>
          ))}
        </div>
        {!listing.hasConfig && (
          <p className="muted">
            It has no <code>config.json</code>: after the download you say what its classes are called.
          </p>
        )}
      </div>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={() => useHub.getState().back()}>
          Back
        </button>
        <button
          type="button"
          className="button primary"
          data-testid="hub-download"
          disabled={!chosen}
          onClick={() => chosen && void useHub.getState().load(listing, chosen.file)}
        >
          {chosen?.here === 'part'
            ? 'Go on with the download'
            : chosen?.here === 'all'
              ? 'Add it'
              : 'Download'}
        </button>
      </div>
    </>
  );
}

function Facts({ listing }: { readonly listing: HubListing }) {
  return (
    <dl className="hub-facts">
      <dt>Repository</dt>
      <dd className="selectable">{listing.repository}</dd>
      <dt>Revision</dt>
      <dd className="selectable" title={listing.commit}>
        {listing.revision === listing.commit ? '' : `${listing.revision}, `}
        {listing.commit.slice(0, 12)}
      </dd>
      <dt>Licence</dt>
      <dd>{listing.licence ?? 'not stated'}</dd>
      <dt>From</dt>
      <dd className="selectable">{listing.endpoint}</dd>
    </dl>
  );
}

function Loading({
  job,
  close,
}: {
  readonly job: Extract<HubJob, { status: 'loading' }>;
  readonly close: () => void;
}) {
  const { listing, variant, progress, since } = job;
  return (
    <>
      <div className="dialog-body hub-body" data-testid="hub-loading">
        <p className="ellipsis">
          {listing.repository} · {variant}
        </p>
        <ProgressBar label="Download" done={progress?.done ?? 0} total={progress?.total ?? 0} />
        <p className="faint">{progress ? transferWords(progress, since) : 'Asking for its files'}</p>
        <p className="faint ellipsis">{progress?.file ?? ' '}</p>
      </div>
      <RunningFoot
        hide={close}
        stop={() => useHub.getState().cancel()}
        title="What is here is kept, and gone on with the next time"
        testId="hub-cancel"
      />
    </>
  );
}

function Added({ model, close }: { readonly model: ModelInfo; readonly close: () => void }) {
  const broken = model.problems.find(({ severity }) => severity === 'error');
  const use = (slot: 'teacher' | 'student') => (
    <button
      type="button"
      className="button"
      data-testid={`hub-use-${slot}`}
      onClick={() => {
        chooseModel(slot, model.id);
        close();
      }}
    >
      Use as {slot}
    </button>
  );
  return (
    <>
      <div className="dialog-body hub-body" data-testid="hub-added">
        <p>
          <b>{model.name}</b> was downloaded and checked: every file has the hash that its repository lists.
        </p>
        {broken && <ProblemNote problem={broken} />}
        <p className="selectable faint hub-where">{model.folder}</p>
      </div>
      <div className="dialog-foot">
        {!broken && use('teacher')}
        {!broken && use('student')}
        <button type="button" className="button primary" data-testid="hub-close" onClick={close}>
          Close
        </button>
      </div>
    </>
  );
}
