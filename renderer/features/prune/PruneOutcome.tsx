import type { ModelInfo } from '#core/models/modelInfo.ts';
import type { PruneReport } from '#core/prune/pruneReport.ts';
import { chooseModel } from '../../store/chooseModel.ts';
import { macs, percent } from '../../ui/format.ts';

interface PruneOutcomeProps {
  readonly model: ModelInfo;
  readonly report: PruneReport;
  readonly close: () => void;
}

/** What the student costs, how near it is to its teacher, and which layers paid. */
export function PruneOutcome({ model, report, close }: PruneOutcomeProps) {
  const { height, width, fullMacs, agreement, checkedImages } = report;
  return (
    <>
      <div className="dialog-body prune-body" data-testid="prune-result">
        <p>
          <b>{model.name}</b>
        </p>
        <p>
          {macs(report.macs)} of {macs(fullMacs)} multiply-adds at {width} × {height} (
          {percent(report.macs / fullMacs)}). The same class as its teacher at <b>{percent(agreement)}</b> of
          the positions of {checkedImages} {checkedImages === 1 ? 'image' : 'images'} that it learned from:
          compare the two on others.
        </p>
        <table className="prune-layers">
          <thead>
            <tr>
              <th scope="col">Layer</th>
              <th scope="col">Kept</th>
              <th scope="col" className="number">
                Neurons
              </th>
            </tr>
          </thead>
          <tbody>
            {report.layers.map(({ name, stage, block, kind, kept, neurons }) => (
              <tr key={name}>
                <td>
                  stage {stage + 1}, block {block + 1}, {KINDS[kind]}
                </td>
                <td>
                  <div className="progress" title={percent(kept / neurons)}>
                    <div style={{ width: `${(kept / neurons) * 100}%` }} />
                  </div>
                </td>
                <td className="number">
                  {kept} of {neurons}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <p className="selectable faint prune-path">{model.folder}</p>
      </div>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={close}>
          Close
        </button>
        <button
          type="button"
          className="button primary"
          data-testid="prune-use"
          onClick={() => {
            chooseModel('student', model.id);
            close();
          }}
        >
          Use as student
        </button>
      </div>
    </>
  );
}

const KINDS = { qk: 'queries and keys', v: 'values', ffn: 'Mix-FFN' } as const;
