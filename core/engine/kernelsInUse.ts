/**
 * Whether models run on the engine's kernels, in the window and on the command line alike: both are to give the same
 * masks. False: onnxruntime runs every model.
 */
export const KERNELS_IN_USE = true as boolean;
