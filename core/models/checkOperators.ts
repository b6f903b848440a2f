import type { OnnxModel } from '../onnx/onnxModel.ts';
import { ProblemError } from '../problem.ts';

/** Beside ONNX's own: those whose operators onnxruntime-web has. Others would have to be loaded as code. */
const DOMAINS = new Set(['com.microsoft', 'com.microsoft.nchwc', 'ai.onnx.ml']);

/** Throws ProblemError `model.operators` for a graph with operators that nobody but its author has. */
export function checkOperators(model: OnnxModel): void {
  const others = model.customDomains.filter((domain) => !DOMAINS.has(domain));
  if (others.length === 0) return;
  throw new ProblemError({
    code: 'model.operators',
    subject: model.subject,
    title: `it needs operators of ${others.join(', ')}, which onnxruntime does not have`,
    hint: 'Export it with operators of the standard ONNX domain; code that comes with a model is never run',
  });
}
