import { z } from 'zod';

/** Figures of one contestant on one image, by which images are sorted, filtered and counted. */
export const imageMetricSchema = z.enum([
  'miou',
  'pixelAccuracy',
  'boundaryIou',
  'boundaryF',
  'miouDrop',
  'accuracyDrop',
  'worstRegion',
  'disputed',
  'divergence',
  'calibrationError',
  'milliseconds',
  'macs',
  'kept',
  'gateDistance',
]);
export type ImageMetric = z.infer<typeof imageMetricSchema>;

/** In the order in which project files keep them: new ones go to the end. */
export const IMAGE_METRICS = imageMetricSchema.options;

export interface MetricFacts {
  readonly label: string;
  /** `share`: 0 to 1, shown in percent; `points`: a difference of shares, shown in percentage points. */
  readonly unit: 'share' | 'points' | 'pixels' | 'nats' | 'ms' | 'macs';
  /** Which end is the one to look at first. */
  readonly worst: 'lowest' | 'highest';
  /** One sentence for a tooltip. */
  readonly says: string;
}

/** What each figure is. All but `miou` to `boundaryF` and the cost need a reference or gates: else they are null. */
export const METRIC_FACTS: Readonly<Record<ImageMetric, MetricFacts>> = {
  miou: {
    label: 'Mean IoU',
    unit: 'share',
    worst: 'lowest',
    says: 'Mean intersection over union of the classes of this image, against its truth.',
  },
  pixelAccuracy: {
    label: 'Pixel accuracy',
    unit: 'share',
    worst: 'lowest',
    says: 'Share of the counted pixels that are right.',
  },
  boundaryIou: {
    label: 'Boundary IoU',
    unit: 'share',
    worst: 'lowest',
    says: 'Intersection over union of the bands along the borders of each class.',
  },
  boundaryF: {
    label: 'Boundary F',
    unit: 'share',
    worst: 'lowest',
    says: 'How well the borders of each class lie on the true ones.',
  },
  miouDrop: {
    label: 'Drop in mean IoU',
    unit: 'points',
    worst: 'highest',
    says: "The teacher's mean IoU on this image less this model's.",
  },
  accuracyDrop: {
    label: 'Drop in accuracy',
    unit: 'points',
    worst: 'highest',
    says: "The teacher's pixel accuracy on this image less this model's.",
  },
  worstRegion: {
    label: 'Largest regression',
    unit: 'pixels',
    worst: 'highest',
    says: 'The largest contiguous region that the teacher has right and this model wrong; without truth, on which they differ.',
  },
  disputed: {
    label: 'Disputed',
    unit: 'share',
    worst: 'highest',
    says: 'Share of the pixels on which teacher and this model differ.',
  },
  divergence: {
    label: 'KL divergence',
    unit: 'nats',
    worst: 'highest',
    says: "How far this model's class probabilities are from the teacher's, mean over the picture.",
  },
  calibrationError: {
    label: 'Calibration error',
    unit: 'share',
    worst: 'highest',
    says: 'How far confidence and accuracy are apart on this image (ECE).',
  },
  milliseconds: {
    label: 'Time',
    unit: 'ms',
    worst: 'highest',
    says: 'Decode, preprocess, inference and postprocess.',
  },
  macs: {
    label: 'Multiply-adds',
    unit: 'macs',
    worst: 'highest',
    says: 'Multiply-adds of the run.',
  },
  kept: {
    label: 'Neurons kept',
    unit: 'share',
    worst: 'lowest',
    says: 'Share of the gated neurons that were computed.',
  },
  gateDistance: {
    label: 'Unusual gates',
    unit: 'share',
    worst: 'highest',
    says: "How far this image's gates are from the mean of the folder.",
  },
};
