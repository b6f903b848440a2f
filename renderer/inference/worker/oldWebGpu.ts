/** What onnxruntime expects of WebGPU and Chromium 114 does not have yet. */
interface OldWebGpu {
  readonly GPUAdapter?: { readonly prototype: object };
  readonly GPUDevice?: { readonly prototype: object };
  readonly GPUQueue?: { readonly prototype: object };
}

interface DeviceDescriptor {
  readonly requiredLimits?: Readonly<Record<string, unknown>>;
  readonly requiredFeatures?: Iterable<string>;
}

interface Adapter {
  readonly limits: object;
  readonly features: { has(name: string): boolean };
}

const UNKNOWN_INFO = {
  vendor: '',
  architecture: '',
  device: '',
  description: '',
  subgroupMinSize: 0,
  subgroupMaxSize: 0,
};

type Method = (this: unknown, ...given: unknown[]) => unknown;

function wrap(prototype: object, name: string, make: (original: Method) => Method): void {
  const original: unknown = Reflect.get(prototype, name);
  if (typeof original === 'function') Reflect.set(prototype, name, make(original as Method));
}

/**
 * Lets onnxruntime's WebGPU build run on engines that came before parts of the standard: no adapter info, an
 * error for a limit or feature that is not known, and no writing from shared memory. Does nothing on a newer one.
 */
export function supportOldWebGpu(scope: OldWebGpu): void {
  const { GPUAdapter, GPUDevice, GPUQueue } = scope;
  if (!GPUAdapter || !GPUDevice || !GPUQueue || 'info' in GPUAdapter.prototype) return;
  Object.defineProperty(GPUAdapter.prototype, 'info', { get: () => UNKNOWN_INFO });
  Object.defineProperty(GPUDevice.prototype, 'adapterInfo', { get: () => UNKNOWN_INFO });
  wrap(
    GPUAdapter.prototype,
    'requestDevice',
    (request) =>
      function (this: unknown, given) {
        const { limits, features } = this as Adapter;
        const { requiredLimits = {}, requiredFeatures = [], ...rest } = (given ?? {}) as DeviceDescriptor;
        return request.call(this, {
          ...rest,
          requiredLimits: Object.fromEntries(
            Object.entries(requiredLimits).filter(([name, value]) => name in limits && value !== undefined),
          ),
          requiredFeatures: [...requiredFeatures].filter((name) => features.has(name)),
        });
      },
  );
  wrap(
    GPUQueue.prototype,
    'writeBuffer',
    (write) =>
      function (this: unknown, buffer, offset, data, ...range) {
        const isShared = ArrayBuffer.isView(data) && data.buffer instanceof SharedArrayBuffer;
        return write.call(
          this,
          buffer,
          offset,
          isShared ? ownCopy(data, range) : data,
          ...(isShared ? [] : range),
        );
      },
  );
}

/** Calls back with each device that is made in this worker. */
export function onDeviceCreated({ GPUAdapter }: OldWebGpu, created: (device: unknown) => void): void {
  if (!GPUAdapter) return;
  wrap(
    GPUAdapter.prototype,
    'requestDevice',
    (request) =>
      async function (this: unknown, ...given) {
        const device = await request.call(this, ...given);
        created(device);
        return device;
      },
  );
}

/** The part of a view that `range` (start and length in its elements) names, in memory of its own. */
function ownCopy(view: ArrayBufferView, [start, length]: unknown[]): Uint8Array {
  const size = 'BYTES_PER_ELEMENT' in view ? Number(view.BYTES_PER_ELEMENT) : 1;
  const from = Number(start ?? 0) * size;
  const bytes = length === undefined ? view.byteLength - from : Number(length) * size;
  return new Uint8Array(view.buffer, view.byteOffset + from, bytes).slice();
}
