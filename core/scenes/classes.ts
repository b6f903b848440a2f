/** CamVid's classes, in the order of its ids. */
export const SCENE_CLASS_NAMES = [
  'Sky',
  'Building',
  'Pole',
  'Road',
  'Pavement',
  'Tree',
  'SignSymbol',
  'Fence',
  'Car',
  'Pedestrian',
  'Bicyclist',
] as const;

export const SKY = 0;
export const BUILDING = 1;
export const POLE = 2;
export const ROAD = 3;
export const PAVEMENT = 4;
export const TREE = 5;
export const SIGN_SYMBOL = 6;
export const FENCE = 7;
export const CAR = 8;
export const PEDESTRIAN = 9;
export const BICYCLIST = 10;

/** `void` in the masks on disk, as CamVid has it. */
export const SCENE_VOID_ON_DISK = 11;
