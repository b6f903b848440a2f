export type Route =
  | { readonly kind: 'page'; readonly segments: readonly string[] }
  | { readonly kind: 'image'; readonly projectId: string; readonly imageId: number }
  | { readonly kind: 'model'; readonly modelId: string; readonly form: ModelForm };

/** The file of a model that is asked for: the one that is fastest on a backend, or the one that was opened. */
export type ModelForm = 'wasm' | 'webgpu' | 'original';
const FORMS: readonly ModelForm[] = ['wasm', 'webgpu', 'original'];

/** A path segment that could name anything but an entry of its own folder. */
const ESCAPE = /^\.{1,2}$|[/\\\0]|^$/;

/**
 * What a studio:// address asks for, or null for anything else: another host, a path that leaves its folder
 * (`..`, also as `..%2f` or with backslashes), an encoding that is not valid.
 */
export function parseRoute(address: string): Route | null {
  let url: URL;
  let segments: string[];
  try {
    url = new URL(address);
    segments = url.pathname.slice(1).split('/').map(decodeURIComponent);
  } catch {
    return null;
  }
  if (url.protocol !== 'studio:' || url.host !== 'app') return null;
  if (segments.length === 1 && segments[0] === '') return { kind: 'page', segments: ['index.html'] };
  if (segments.some((segment) => ESCAPE.test(segment))) return null;
  const [kind, owner, file] = segments;
  if (kind === 'image') {
    if (segments.length !== 3 || !/^[1-9]\d{0,14}$/.test(file!)) return null;
    return { kind, projectId: owner!, imageId: Number(file) };
  }
  if (kind === 'model') {
    const asked = url.searchParams.get('form') ?? 'original';
    const form = FORMS.find((name) => name === asked);
    return segments.length === 3 && file === 'model.onnx' && form ? { kind, modelId: owner!, form } : null;
  }
  return { kind: 'page', segments };
}
