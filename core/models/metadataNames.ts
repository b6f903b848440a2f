import type { OnnxModel } from '../onnx/onnxModel.ts';

/** Keys under which exporters put class names into a file. */
const KEYS = ['names', 'classes', 'class_names', 'labels', 'id2label'];
const MOST_NAMES = 65_535;

/**
 * Class names that the file itself holds, as JSON, as Python writes a dict or list (`{0: 'road', 1: 'sky'}`), or with
 * commas between them. null: none that can be read.
 */
export function metadataNames(model: OnnxModel): string[] | null {
  for (const key of KEYS) {
    const text = model.proto.metadataProps.find((entry) => entry.key.toLowerCase() === key)?.value;
    const names = text === undefined || text.length > 1_000_000 ? null : parseNames(text);
    if (names && names.length > 0 && names.length <= MOST_NAMES) return names;
  }
  return null;
}

function parseNames(text: string): string[] | null {
  const value = parseJson(text) ?? parseJson(pythonAsJson(text));
  if (Array.isArray(value)) return onlyTexts(value);
  if (typeof value === 'object' && value !== null) {
    const entries: Readonly<Record<string, unknown>> = { ...value };
    return onlyTexts(Object.keys(entries).map((_, id) => entries[String(id)]));
  }
  return value === undefined && text.includes(',') && !/[{}[\]]/.test(text)
    ? onlyTexts(text.split(',').map((name) => name.trim()))
    : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Numbers as keys and single quotes, which JSON has not. */
function pythonAsJson(text: string): string {
  return text.replace(/([{,]\s*)(\d+)\s*:/g, '$1"$2":').replace(/'([^'"\\]*)'/g, '"$1"');
}

function onlyTexts(values: readonly unknown[]): string[] | null {
  return values.every((value) => typeof value === 'string' && value.trim() !== '')
    ? (values as string[])
    : null;
}
