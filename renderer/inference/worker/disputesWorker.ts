import { findDisputes } from '#core/disputes/findDisputes.ts';
import { regionConfidence } from '#core/disputes/regionConfidence.ts';
import { toProblem } from '#core/problem.ts';
import { translateIds } from '#core/labels/translateIds.ts';
import type { DisputesInput, DisputesRequest, DisputesResponse, DisputingRun } from '../disputesMessage.ts';

interface DisputesScope {
  postMessage(message: DisputesResponse): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<DisputesRequest>) => void): void;
}

/** Looking through the pixels of a large picture takes longer than a frame: it is done here. */
const scope = self as unknown as DisputesScope;

function find({ teacher, student, table, smallest }: DisputesInput): DisputesResponse['disputes'] {
  const translated = ({ classMap, table: own }: DisputingRun) => ({
    ...classMap,
    ids: translateIds(classMap.ids, own, table),
  });
  return findDisputes({
    teacher: translated(teacher),
    student: translated(student),
    smallest,
    confidence: {
      teacher: (region) => regionConfidence(teacher.logits, teacher.classMap, region),
      student: (region) => regionConfidence(student.logits, student.classMap, region),
    },
  });
}

scope.addEventListener('message', ({ data: { id, input } }) => {
  try {
    scope.postMessage({ id, disputes: find(input), problem: null });
  } catch (error) {
    scope.postMessage({ id, disputes: [], problem: toProblem(error, { code: 'disputes.failed' }) });
  }
});
