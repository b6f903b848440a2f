import { heatMap, type HeatField } from '#core/imaging/heatMap.ts';
import { divergenceMap } from '#core/metrics/divergenceMap.ts';
import { ProblemError, toProblem } from '#core/problem.ts';
import type { HeatInput, HeatRequest, HeatResponse } from '../heatMessage.ts';

interface HeatScope {
  postMessage(message: HeatResponse, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<HeatRequest>) => void): void;
}

const scope = self as unknown as HeatScope;

function fieldOf(input: HeatInput): HeatField {
  if (input.kind === 'field') return input.field;
  const { teacher, student } = input;
  const map = divergenceMap(teacher, student);
  if (map) return map;
  const size = ({ classes, width, height }: typeof teacher): string => `${classes} x ${height} x ${width}`;
  throw new ProblemError({
    code: 'heat.size',
    title: `the teacher's logits are ${size(teacher)}, the student's ${size(student)}`,
    hint: 'Probabilities are compared of models with the same classes, fed with the same size',
  });
}

scope.addEventListener('message', ({ data: { id, input, width, height } }) => {
  try {
    const heat = heatMap(fieldOf(input), { width, height });
    scope.postMessage({ id, heat, problem: null }, [heat.levels.ids.buffer as ArrayBuffer]);
  } catch (error) {
    scope.postMessage({ id, heat: null, problem: toProblem(error, { code: 'heat.failed' }) }, []);
  }
});
