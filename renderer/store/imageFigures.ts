import type { TruthMask } from '#core/ipc/schemas.ts';
import type { ClassTable } from '#core/labels/classTable.ts';
import type { ClassMap } from '#core/mask/classMap.ts';
import { ConfusionMatrix } from '#core/metrics/confusionMatrix.ts';
import { pixelAccuracy } from '#core/metrics/iou.ts';
import { toProblem, type Problem } from '#core/problem.ts';
import { translateIds } from '#core/labels/translateIds.ts';
import type { ModelRun } from './useResults.ts';

/** What two runs of one image amount to, as counts that can be added up over a folder. */
export interface ImageFigures {
  readonly teacherId: string | null;
  readonly studentId: string | null;
  /** Rows teacher, columns student, classes of the teacher's table. */
  readonly teacherStudent: ConfusionMatrix | null;
  /** Rows truth, columns teacher or student, classes of the project's table. */
  readonly truthTeacher: ConfusionMatrix | null;
  readonly truthStudent: ConfusionMatrix | null;
  /** The student's class map in the teacher's ids. */
  readonly studentMap: ClassMap | null;
  /** Why there is no comparison although both have run. */
  readonly problem: Problem | null;
}

/** The part of a run that is counted. */
export type CountedRun = Pick<ModelRun, 'modelId' | 'classMap' | 'table'>;

export interface FigureInput {
  readonly teacher: CountedRun | null;
  readonly student: CountedRun | null;
  readonly truth: Pick<TruthMask, 'ids'> | null;
  /** The project's, which the truth is in. */
  readonly table: ClassTable;
}

/** Counts what the runs of an image say of each other and of the truth. Sizes that differ are a problem. */
export function computeFigures({ teacher, student, truth, table }: FigureInput): ImageFigures {
  const base = { teacherId: teacher?.modelId ?? null, studentId: student?.modelId ?? null };
  const none = { teacherStudent: null, truthTeacher: null, truthStudent: null, studentMap: null };
  try {
    let teacherStudent: ConfusionMatrix | null = null;
    let studentMap: ClassMap | null = null;
    if (teacher && student) {
      const ids = translateIds(student.classMap.ids, student.table, teacher.table);
      studentMap = ids === student.classMap.ids ? student.classMap : { ...student.classMap, ids };
      teacherStudent = new ConfusionMatrix(teacher.table);
      teacherStudent.add(teacher.classMap.ids, ids);
    }
    const against = (run: CountedRun | null): ConfusionMatrix | null => {
      if (!run || !truth) return null;
      const matrix = new ConfusionMatrix(table);
      matrix.add(truth.ids, translateIds(run.classMap.ids, run.table, table));
      return matrix;
    };
    return {
      ...base,
      teacherStudent,
      truthTeacher: against(teacher),
      truthStudent: against(student),
      studentMap,
      problem: null,
    };
  } catch (error) {
    return { ...base, ...none, problem: toProblem(error, { code: 'figures.failed' }) };
  }
}

/** The share of pixels on which teacher and student say the same, 0 to 1; null where it is not known. */
export function agreementOf(figures: ImageFigures | undefined): number | null {
  return figures?.teacherStudent ? pixelAccuracy(figures.teacherStudent) : null;
}

export interface FolderFigures {
  readonly images: number;
  readonly imagesWithTruth: number;
  readonly teacherStudent: ConfusionMatrix | null;
  readonly truthTeacher: ConfusionMatrix | null;
  readonly truthStudent: ConfusionMatrix | null;
}

/** All images of the folder that both models have seen, added up. */
export function sumFigures(all: Iterable<ImageFigures>): FolderFigures {
  const sum = { images: 0, imagesWithTruth: 0 };
  let teacherStudent: ConfusionMatrix | null = null;
  let truthTeacher: ConfusionMatrix | null = null;
  let truthStudent: ConfusionMatrix | null = null;
  const add = (total: ConfusionMatrix | null, one: ConfusionMatrix): ConfusionMatrix => {
    const result = total ?? new ConfusionMatrix(one.ids, one.ignoreId);
    result.merge(one);
    return result;
  };
  for (const figures of all) {
    if (!figures.teacherStudent) continue;
    sum.images++;
    teacherStudent = add(teacherStudent, figures.teacherStudent);
    if (!figures.truthTeacher || !figures.truthStudent) continue;
    sum.imagesWithTruth++;
    truthTeacher = add(truthTeacher, figures.truthTeacher);
    truthStudent = add(truthStudent, figures.truthStudent);
  }
  return { ...sum, teacherStudent, truthTeacher, truthStudent };
}
