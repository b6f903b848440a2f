import type { GpuAdapterState } from '../store/useBackend.ts';

/** The part of WebGPU that is asked here: its types are not among the window's. */
interface GpuAdapter {
  readonly isFallbackAdapter?: boolean;
  readonly info?: {
    readonly isFallbackAdapter?: boolean;
    readonly vendor?: string;
    readonly architecture?: string;
    readonly description?: string;
  };
  requestAdapterInfo?: () => Promise<GpuAdapter['info']>;
}

const NO_ADAPTER: GpuAdapterState = { found: false, name: '', software: false };

/** Asks the browser for a WebGPU adapter; never throws. */
export async function findAdapter(): Promise<GpuAdapterState> {
  const gpu = (
    navigator as {
      gpu?: { requestAdapter(options: { powerPreference: string }): Promise<GpuAdapter | null> };
    }
  ).gpu;
  try {
    const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) return NO_ADAPTER;
    const info = adapter.info ?? (await adapter.requestAdapterInfo?.());
    const name = [info?.vendor, info?.architecture, info?.description].filter(Boolean).join(' ');
    const software =
      (info?.isFallbackAdapter ?? adapter.isFallbackAdapter ?? false) || /swiftshader|llvmpipe/i.test(name);
    return { found: true, name: name === '' ? 'unnamed adapter' : name, software };
  } catch {
    return NO_ADAPTER;
  }
}
