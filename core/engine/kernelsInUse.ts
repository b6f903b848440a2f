/**
 * Whether models run on the engine's kernels, in the window and on the command line alike: both are to give the same
 * masks. Off until the engine is proven on two threads in the oldest Electron that the studio runs on.
 */
export const KERNELS_IN_USE = false as boolean;
