import { computeFigures } from '../../store/imageFigures.ts';
import type { FiguresRequest, FiguresResponse } from '../figuresMessage.ts';

interface FiguresScope {
  postMessage(message: FiguresResponse): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<FiguresRequest>) => void): void;
}

/** Counting the pixels of large pictures takes longer than a frame: it is done here. */
const scope = self as unknown as FiguresScope;

scope.addEventListener('message', ({ data: { id, input } }) => {
  const figures = computeFigures(input);
  const { teacherStudent, truthTeacher, truthStudent, studentMap, problem } = figures;
  scope.postMessage({
    id,
    teacherStudent: teacherStudent?.toJSON() ?? null,
    truthTeacher: truthTeacher?.toJSON() ?? null,
    truthStudent: truthStudent?.toJSON() ?? null,
    translated: studentMap && studentMap !== input.student?.classMap ? studentMap.ids : null,
    problem,
  });
});
