/** CSS pixels that a panel has when it is opened again, and the least it can be dragged to. */
export const LIBRARY_WIDTH = 216;
export const INSPECTOR_WIDTH = 264;
export const NARROWEST_PANEL = 160;
export const WIDEST_PANEL = 480;
