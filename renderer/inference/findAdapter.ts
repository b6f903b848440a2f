/** The part of WebGPU that is asked here: its types are not among the window's. */
interface GpuAdapter {
  readonly info?: { readonly vendor?: string; readonly architecture?: string; readonly description?: string };
  requestAdapterInfo?: () => Promise<GpuAdapter['info']>;
}

/** Asks the browser for a WebGPU adapter; never throws. */
export async function findAdapter(): Promise<{ found: boolean; name: string }> {
  const gpu = (
    navigator as {
      gpu?: { requestAdapter(options: { powerPreference: string }): Promise<GpuAdapter | null> };
    }
  ).gpu;
  try {
    const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) return { found: false, name: '' };
    const info = adapter.info ?? (await adapter.requestAdapterInfo?.());
    const name = [info?.vendor, info?.architecture, info?.description].filter(Boolean).join(' ');
    return { found: true, name: name === '' ? 'unnamed adapter' : name };
  } catch {
    return { found: false, name: '' };
  }
}
