import type { ClassTable } from '../labels/classTable.ts';
import {
  addBoundaryCounts,
  noBoundaryCounts,
  perClassBoundaryF,
  perClassBoundaryIou,
} from '../metrics/boundary.ts';
import { bootstrapIntervals, DEFAULT_BOOTSTRAP, quantile } from '../metrics/bootstrap.ts';
import {
  addCalibrationCounts,
  calibrationError,
  noCalibrationCounts,
  reliabilityCurve,
} from '../metrics/calibration.ts';
import { ConfusionMatrix } from '../metrics/confusionMatrix.ts';
import {
  classShare,
  meanIou,
  perClassF1,
  perClassIou,
  perClassPrecision,
  perClassRecall,
  pixelAccuracy,
} from '../metrics/iou.ts';
import { meanOfKnown } from '../metrics/meanOfKnown.ts';
import {
  HEADLINES,
  type ContestantFigures,
  type EvaluationFigures,
  type Headline,
  type Interval,
} from './evaluationFigures.ts';
import { referenceIndex, type EvaluationPlan } from './evaluationPlan.ts';
import { countColumns, figuresOfCounts, headlineFigures, writeCounts } from './figureCounts.ts';
import type { ImageResult } from './imageResult.ts';
import { totalMilliseconds } from './imageMetrics.ts';
import { onParetoFront } from './paretoFront.ts';
import { addSparseCounts } from './sparseCounts.ts';

/** More images than this are dealt into so many groups, which the bootstrap draws in place of images. */
const MOST_UNITS = 1000;

export interface AggregateOptions {
  /** Awaited now and then while the intervals are made. */
  readonly pause?: () => Promise<void>;
}

/**
 * Adds up the results of images, and makes the figures of them. Images are added in the order of their names: then
 * the figures are the same to the last bit however the work was split. An image counts where every contestant was
 * measured on it, so that differences are paired.
 */
export class FigureSum {
  private readonly sums: ContestantSum[];
  private images = 0;
  private withTruth = 0;
  private readonly units: Float64Array[] = [];

  constructor(
    private readonly plan: EvaluationPlan,
    private readonly table: ClassTable,
  ) {
    this.sums = plan.contestants.map(() => new ContestantSum(table));
  }

  /** `results`: in the order of the plan. */
  add(results: readonly ImageResult[]): void {
    results.forEach((result, index) => this.sums[index]?.add(result));
    this.images++;
    if (!results.every(({ truth }) => truth !== null)) return;
    this.writeUnit(results);
    this.withTruth++;
  }

  async figures({ pause }: AggregateOptions = {}): Promise<EvaluationFigures> {
    const intervals = await this.intervals(pause);
    const reference = referenceIndex(this.plan);
    const { rounds, seed, level } = DEFAULT_BOOTSTRAP;
    const contestants = this.plan.contestants.map((contestant, index): ContestantFigures => ({
      contestant,
      ...this.sums[index]!.figures(),
      quality: this.sums[index]!.quality(this.table, {
        own: intervals.own[index]!,
        difference: reference === null || reference === index ? null : intervals.difference[index]!,
        reference: reference === null ? null : this.sums[reference]!,
      }),
      onFront: false,
    }));
    const front = onParetoFront(
      contestants.map(({ cost, quality, agreement }, index) => ({
        cost: cost.median,
        gain: quality ? quality.headlines.miou.value : index === reference ? 1 : (agreement?.miou ?? null),
      })),
    );
    return {
      images: this.images,
      contestants: contestants.map((figures, index) => ({ ...figures, onFront: front[index]! })),
      bootstrap: { rounds, seed, level },
    };
  }

  /** One row of counts per image; with many images, one per group. */
  private writeUnit(results: readonly ImageResult[]): void {
    const columns = countColumns(this.table);
    const at = this.withTruth % MOST_UNITS;
    const unit = (this.units[at] ??= new Float64Array(columns * results.length));
    results.forEach((result, index) => writeCounts(result, this.table, unit, index * columns));
  }

  private async intervals(pause: AggregateOptions['pause']): Promise<{ own: Ends[]; difference: Ends[] }> {
    const { plan, table } = this;
    const columns = countColumns(table);
    const count = plan.contestants.length;
    const reference = referenceIndex(plan);
    const flat = new Float64Array(this.units.length * columns * count);
    this.units.forEach((unit, index) => flat.set(unit, index * unit.length));
    const width = HEADLINES.length + table.classes.length;
    const figures = (sums: Float64Array): (number | null)[] => {
      const own = plan.contestants.map((_, index) =>
        figuresOfCounts(sums.subarray(index * columns, (index + 1) * columns), table),
      );
      const other = reference === null ? null : own[reference]!;
      const minus = own.map((values) => values.map((value, n) => difference(value, other?.[n])));
      return [...own, ...minus].flat();
    };
    const ends = await bootstrapIntervals(flat, columns * count, figures, { ...DEFAULT_BOOTSTRAP, pause });
    const part = (index: number): Ends => ends.slice(index * width, (index + 1) * width);
    return {
      own: plan.contestants.map((_, index) => part(index)),
      difference: plan.contestants.map((_, index) => part(count + index)),
    };
  }
}

/** Of the headlines, then of the classes' IoU. */
type Ends = (readonly [low: number, high: number] | null)[];

interface QualityContext {
  readonly own: Ends;
  readonly difference: Ends | null;
  readonly reference: ContestantSum | null;
}

class ContestantSum {
  private readonly truth: ConfusionMatrix;
  private readonly agreed: ConfusionMatrix;
  private readonly boundary: ReturnType<typeof noBoundaryCounts>;
  private readonly calibration = noCalibrationCounts();
  private readonly milliseconds: number[] = [];
  private readonly divergence = { sum: 0, positions: 0, images: 0 };
  private readonly macs = { sum: 0, images: 0 };
  private readonly images = { truth: 0, calibrated: 0, agreed: 0 };

  constructor(table: ClassTable) {
    this.truth = new ConfusionMatrix(table);
    this.agreed = new ConfusionMatrix(table);
    this.boundary = noBoundaryCounts(table.classes.length);
  }

  add(result: ImageResult): void {
    if (result.truth) {
      addSparseCounts(this.truth, result.truth.confusion);
      addBoundaryCounts(this.boundary, result.truth.boundary);
      this.images.truth++;
    }
    if (result.calibration) {
      addCalibrationCounts(this.calibration, result.calibration);
      this.images.calibrated++;
    }
    if (result.reference) {
      addSparseCounts(this.agreed, result.reference.confusion);
      this.images.agreed++;
      if (result.reference.divergence) {
        this.divergence.sum += result.reference.divergence.sum;
        this.divergence.positions += result.reference.divergence.positions;
        this.divergence.images++;
      }
    }
    if (result.macs !== null) {
      this.macs.sum += result.macs;
      this.macs.images++;
    }
    this.milliseconds.push(totalMilliseconds(result.ms));
  }

  figures(): Pick<ContestantFigures, 'images' | 'withTruth' | 'agreement' | 'calibration' | 'cost'> {
    const sorted = Float64Array.from(this.milliseconds).sort();
    const timed = sorted.length > 0;
    const error = calibrationError(this.calibration);
    return {
      images: this.milliseconds.length,
      withTruth: this.images.truth,
      agreement:
        this.images.agreed === 0
          ? null
          : {
              confusion: this.agreed.toJSON(),
              equalShare: pixelAccuracy(this.agreed),
              miou: meanIou(this.agreed),
              classIou: perClassIou(this.agreed),
              divergence: {
                mean:
                  this.divergence.positions === 0 ? null : this.divergence.sum / this.divergence.positions,
                images: this.divergence.images,
              },
            },
      calibration:
        error === null
          ? null
          : { error, images: this.images.calibrated, bins: reliabilityCurve(this.calibration) },
      cost: {
        median: timed ? quantile(sorted, 0.5) : null,
        p95: timed ? quantile(sorted, 0.95) : null,
        mean: meanOfKnown(this.milliseconds),
        macs: this.macs.images === 0 ? null : this.macs.sum / this.macs.images,
      },
    };
  }

  quality(table: ClassTable, context: QualityContext): ContestantFigures['quality'] {
    if (this.images.truth === 0) return null;
    const { truth, boundary } = this;
    const { own, difference: differenceEnds, reference } = context;
    const other = differenceEnds ? reference : null;
    const values = headlineFigures(truth, boundary);
    const otherValues = other && headlineFigures(other.truth, other.boundary);
    const iou = perClassIou(truth);
    const otherIou = other && perClassIou(other.truth);
    const [share, precision, recall, f1] = [classShare, perClassPrecision, perClassRecall, perClassF1].map(
      (figure) => figure(truth),
    );
    const bandIou = perClassBoundaryIou(boundary);
    const borderF = perClassBoundaryF(boundary);
    return {
      confusion: truth.toJSON(),
      headlines: headlines((name, n) => interval(values[name], own[n])),
      difference:
        otherValues &&
        headlines((name, n) => interval(difference(values[name], otherValues[name]), differenceEnds?.[n])),
      classes: table.classes.map(({ id, name }, row) => ({
        id,
        name,
        share: share![row]!,
        iou: iou[row]!,
        precision: precision![row]!,
        recall: recall![row]!,
        f1: f1![row]!,
        boundaryIou: bandIou[row]!,
        boundaryF: borderF[row]!,
        difference:
          otherIou &&
          interval(difference(iou[row]!, otherIou[row]), differenceEnds?.[HEADLINES.length + row]),
      })),
    };
  }
}

function headlines(make: (name: Headline, n: number) => Interval): Record<Headline, Interval> {
  return Object.fromEntries(HEADLINES.map((name, n) => [name, make(name, n)])) as Record<Headline, Interval>;
}

function interval(value: number | null, ends: Ends[number] | undefined): Interval {
  return {
    value,
    low: value === null ? null : (ends?.[0] ?? null),
    high: value === null ? null : (ends?.[1] ?? null),
  };
}

function difference(value: number | null, other: number | null | undefined): number | null {
  return value === null || other == null ? null : value - other;
}
