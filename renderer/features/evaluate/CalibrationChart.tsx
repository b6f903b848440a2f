import type { ContestantFigures, EvaluationFigures } from '#core/evaluation/evaluationFigures.ts';
import { contestantLabel, referenceIndex } from '#core/evaluation/evaluationPlan.ts';
import type { EvaluationRun } from '#core/evaluation/evaluationRun.ts';
import { useRunView } from '../../store/useRunView.ts';
import { percent } from '../../ui/format.ts';
import { contestantColour, shortLabel } from './contestants.ts';
import { count } from '../../ui/figureFormat.ts';
import { useElementWidth } from '../../ui/useElementWidth.ts';
import { LEAST_CHART } from './chartScale.ts';

const HEIGHT = 250;
const MARGIN = { left: 54, right: 20, top: 12, bottom: 36 };
const TICKS = [0, 0.25, 0.5, 0.75, 1];
/** Of the height, what the bars of how many pixels there are may take. */
const BARS = 0.22;

type Calibration = NonNullable<ContestantFigures['calibration']>;

/** How right each is where it says how sure it is: on the diagonal, confidence means what it says. */
export function CalibrationChart({
  run,
  figures,
}: {
  readonly run: EvaluationRun;
  readonly figures: EvaluationFigures;
}) {
  const focus = useRunView((state) => state.focus);
  const sortBy = useRunView((state) => state.sortBy);
  const [frame, width] = useElementWidth(LEAST_CHART);
  const shown = [...new Set([referenceIndex(run.plan), focus])].flatMap((index) => {
    const one = index === null ? undefined : figures.contestants[index];
    return index !== null && one?.calibration ? [{ index, one, calibration: one.calibration }] : [];
  });
  if (shown.length === 0) return null;
  const x = (share: number): number => MARGIN.left + share * (width - MARGIN.left - MARGIN.right);
  const y = (share: number): number => HEIGHT - MARGIN.bottom - share * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const last = shown.at(-1);
  return (
    <section className="eval-section chart" aria-label="Calibration">
      <header className="eval-head">
        <h2>Calibration</h2>
        <span className="chart-legend">
          {shown.map(({ index, one, calibration }) => (
            <button
              key={index}
              type="button"
              className="link"
              title={`${contestantLabel(one.contestant)}: expected calibration error over ${count(calibration.images)} images. Show the images where it is worst`}
              onClick={() => sortBy('calibrationError')}
            >
              <span className="dot" style={{ background: contestantColour(run.plan, index, focus) }} />
              {shortLabel(run.plan, index)}: ECE {percent(calibration.error)}
            </button>
          ))}
        </span>
      </header>
      <div ref={frame} className="chart-frame">
        <svg
          width={width}
          height={HEIGHT}
          role="img"
          aria-label={`Reliability: ${shown.map(({ index, calibration }) => `${shortLabel(run.plan, index)} ECE ${percent(calibration.error)}`).join(', ')}`}
          data-testid="calibration-chart"
        >
          {TICKS.map((tick) => (
            <g key={tick}>
              <line className="chart-grid" x1={x(0)} x2={x(1)} y1={y(tick)} y2={y(tick)} />
              <text className="chart-tick" x={x(0) - 6} y={y(tick) + 4} textAnchor="end">
                {tick * 100}%
              </text>
              <text className="chart-tick" x={x(tick)} y={y(0) + 15} textAnchor="middle">
                {tick * 100}%
              </text>
            </g>
          ))}
          {last && <PixelBars calibration={last.calibration} x={x} y={y} />}
          <line className="diagonal" x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} />
          {shown.map(({ index, calibration }) => (
            <Curve
              key={index}
              calibration={calibration}
              colour={contestantColour(run.plan, index, focus)}
              x={x}
              y={y}
            />
          ))}
          <text className="chart-title" x={x(1)} y={HEIGHT - 4} textAnchor="end">
            confidence; bars: share of the pixels
          </text>
          <text
            className="chart-title"
            x={10}
            y={MARGIN.top}
            textAnchor="end"
            transform={`rotate(-90 10 ${MARGIN.top})`}
          >
            right
          </text>
        </svg>
      </div>
    </section>
  );
}

interface CurveProps {
  readonly calibration: Calibration;
  readonly x: (share: number) => number;
  readonly y: (share: number) => number;
}

function Curve({ calibration, colour, x, y }: CurveProps & { readonly colour: string }) {
  const known = calibration.bins.filter(
    (bin): bin is typeof bin & { confidence: number; accuracy: number } =>
      bin.confidence !== null && bin.accuracy !== null,
  );
  return (
    <g stroke={colour} fill="none">
      <polyline
        points={known.map(({ confidence, accuracy }) => `${x(confidence)},${y(accuracy)}`).join(' ')}
        strokeWidth={1.5}
      />
      {known.map(({ from, confidence, accuracy, pixels }) => (
        <circle key={from} cx={x(confidence)} cy={y(accuracy)} r={2.5} fill={colour}>
          <title>{`${percent(accuracy)} right at ${percent(confidence)} confidence, ${count(pixels)} pixels`}</title>
        </circle>
      ))}
    </g>
  );
}

function PixelBars({ calibration, x, y }: CurveProps) {
  const most = Math.max(...calibration.bins.map(({ pixels }) => pixels), 1);
  return calibration.bins.map(({ from, to, pixels }) => {
    const top = y((pixels / most) * BARS);
    return (
      <rect
        key={from}
        className="pixel-bar"
        x={x(from) + 1}
        width={Math.max(1, x(to) - x(from) - 2)}
        y={top}
        height={y(0) - top}
      />
    );
  });
}
