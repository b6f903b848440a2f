import { classId, DEFAULT_IGNORE_ID, type ClassTable } from '../labels/classTable.ts';
import type { Rgb } from '../labels/rgb.ts';

export interface CityscapesLabel {
  readonly id: number;
  /** 255: not trained. */
  readonly trainId: number;
  readonly name: string;
  readonly colour: Rgb;
  readonly hasInstances: boolean;
  /** What other street datasets call the same. */
  readonly aliases?: readonly string[];
}

const label = (
  id: number,
  trainId: number,
  name: string,
  colour: Rgb,
  options: { readonly hasInstances?: boolean; readonly aliases?: readonly string[] } = {},
): CityscapesLabel => ({ id, trainId, name, colour, hasInstances: false, ...options });

const THING = { hasInstances: true };

/** The labels that are classes. Ids 0 to 6 are void. Source: cityscapesscripts/helpers/labels.py. */
export const CITYSCAPES_LABELS: readonly CityscapesLabel[] = [
  label(7, 0, 'road', [128, 64, 128]),
  label(8, 1, 'sidewalk', [244, 35, 232], { aliases: ['pavement'] }),
  label(9, 255, 'parking', [250, 170, 160]),
  label(10, 255, 'rail track', [230, 150, 140]),
  label(11, 2, 'building', [70, 70, 70]),
  label(12, 3, 'wall', [102, 102, 156]),
  label(13, 4, 'fence', [190, 153, 153]),
  label(14, 255, 'guard rail', [180, 165, 180]),
  label(15, 255, 'bridge', [150, 100, 100]),
  label(16, 255, 'tunnel', [150, 120, 90]),
  label(17, 5, 'pole', [153, 153, 153]),
  label(18, 255, 'polegroup', [153, 153, 153]),
  label(19, 6, 'traffic light', [250, 170, 30], { aliases: ['trafficlight'] }),
  label(20, 7, 'traffic sign', [220, 220, 0], { aliases: ['signsymbol', 'trafficsign'] }),
  label(21, 8, 'vegetation', [107, 142, 35], { aliases: ['tree'] }),
  label(22, 9, 'terrain', [152, 251, 152]),
  label(23, 10, 'sky', [70, 130, 180]),
  label(24, 11, 'person', [220, 20, 60], { ...THING, aliases: ['pedestrian'] }),
  label(25, 12, 'rider', [255, 0, 0], { ...THING, aliases: ['bicyclist'] }),
  label(26, 13, 'car', [0, 0, 142], THING),
  label(27, 14, 'truck', [0, 0, 70], THING),
  label(28, 15, 'bus', [0, 60, 100], THING),
  label(29, 255, 'caravan', [0, 0, 90], THING),
  label(30, 255, 'trailer', [0, 0, 110], THING),
  label(31, 16, 'train', [0, 80, 100], THING),
  label(32, 17, 'motorcycle', [0, 0, 230], THING),
  label(33, 18, 'bicycle', [119, 11, 32], THING),
];

/** The same as a class table: its ids are the label ids. */
export const CITYSCAPES_CLASSES: ClassTable = {
  classes: CITYSCAPES_LABELS.map(({ id, name, colour, aliases }) => ({
    id: classId(id),
    name,
    colour,
    ...(aliases && { aliases }),
  })),
  ignoreId: DEFAULT_IGNORE_ID,
};
