import type { PreprocessorConfig } from '../models/modelInfo.ts';
import { ProblemError } from '../problem.ts';
import { resizeRgbByKernels, resizeToPlanes } from './kernels/resizeByKernels.ts';
import type { RgbaImage } from './rgbaImage.ts';
import { resizeRgb } from './resize.ts';
import { PIL_FILTERS, type ResizeFilter } from './resizeCoefficients.ts';

export interface ModelInput {
  /** float32 [1, 3, height, width]: red, green, blue planes. */
  readonly pixelValues: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** What a shortest_edge can blow a long, thin picture up to: above it nothing could run. */
const MAX_INPUT_PIXELS = 2 ** 26;

/**
 * The size in pixels that a picture is resized to before the model sees it.
 * As transformers: a number is a square; `shortest_edge` keeps the aspect ratio and cuts off the long side's
 * fraction; without `do_resize` the picture keeps its size.
 * Throws ProblemError `preprocess.tooLarge`.
 */
export function modelInputSize(
  config: PreprocessorConfig,
  image: { readonly width: number; readonly height: number },
): { width: number; height: number } {
  const size = targetSize(config, image);
  if (size.width * size.height > MAX_INPUT_PIXELS) {
    throw new ProblemError({
      code: 'preprocess.tooLarge',
      title: `the model would be fed ${size.width} x ${size.height} pixels`,
      detail: `Its preprocessor_config.json makes that of ${image.width} x ${image.height} pixels`,
      hint: 'Cut the image into tiles, or set a fixed size in preprocessor_config.json',
    });
  }
  return size;
}

function targetSize(config: PreprocessorConfig, image: { readonly width: number; readonly height: number }) {
  const { width, height } = image;
  if (!config.do_resize) return { width, height };
  const { size } = config;
  if (typeof size === 'number') return { width: size, height: size };
  if ('height' in size) return { width: size.width, height: size.height };
  const edge = size.shortest_edge;
  return width <= height
    ? { width: edge, height: Math.trunc((edge * height) / width) }
    : { width: Math.trunc((edge * width) / height), height: edge };
}

/**
 * What the model is fed for a picture: resized, rescaled, normalised, in planes; alpha is dropped, not blended.
 * Equal, value for value, to transformers' SegformerImageProcessor (PIL and NumPy) for the same config.
 */
export function preprocess(image: RgbaImage, config: PreprocessorConfig): ModelInput {
  const size = modelInputSize(config, image);
  return { pixelValues: preprocessTo(image, config, size), ...size };
}

/** The same at a size that is given: float32 [1, 3, height, width]. */
export function preprocessTo(
  image: RgbaImage,
  config: PreprocessorConfig,
  { width, height }: { readonly width: number; readonly height: number },
): Float32Array {
  const options = { width, height, filter: filterOf(config) };
  const tables = Float32Array.from(
    ([0, 1, 2] as const).flatMap((channel) => [...valueTable(config, channel)]),
  );
  return (
    resizeToPlanes(image, options, tables) ??
    toPixelValues(resizeRgb(image, options), width, { x: 0, y: 0, width, height }, config)
  );
}

/** The picture at that size, by the config's filter: RGB interleaved, 8 bits, `width` * `height` * 3. */
export function resizeForModel(
  image: RgbaImage,
  config: PreprocessorConfig,
  { width, height }: { readonly width: number; readonly height: number },
): Uint8ClampedArray {
  const options = { width, height, filter: filterOf(config) };
  return resizeRgbByKernels(image, options) ?? resizeRgb(image, options);
}

const filterOf = ({ resample }: PreprocessorConfig): ResizeFilter => PIL_FILTERS[resample] ?? 'bilinear';

/** A rectangle of an RGB picture `rgbWidth` pixels wide, rescaled and normalised: float32 [1, 3, height, width]. */
export function toPixelValues(
  rgb: Uint8ClampedArray,
  rgbWidth: number,
  area: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  config: PreprocessorConfig,
): Float32Array {
  const plane = area.width * area.height;
  const pixelValues = new Float32Array(plane * 3);
  const red = valueTable(config, 0);
  const green = valueTable(config, 1);
  const blue = valueTable(config, 2);
  for (let y = 0, pixel = 0; y < area.height; y++) {
    let source = ((area.y + y) * rgbWidth + area.x) * 3;
    for (const end = pixel + area.width; pixel < end; pixel++, source += 3) {
      pixelValues[pixel] = red[rgb[source]!]!;
      pixelValues[plane + pixel] = green[rgb[source + 1]!]!;
      pixelValues[2 * plane + pixel] = blue[rgb[source + 2]!]!;
    }
  }
  return pixelValues;
}

/** The float of each of the 256 values of a channel, rounded to float32 wherever NumPy does. */
function valueTable(config: PreprocessorConfig, channel: 0 | 1 | 2): Float32Array {
  const mean = Math.fround(config.image_mean[channel]);
  const std = Math.fround(config.image_std[channel]);
  return Float32Array.from({ length: 256 }, (_, value) => {
    const rescaled = config.do_rescale ? Math.fround(value * config.rescale_factor) : value;
    return config.do_normalize ? Math.fround(rescaled - mean) / std : rescaled;
  });
}
