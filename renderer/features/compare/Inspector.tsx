import { useMemo } from 'react';
import { meanIou } from '#core/metrics/iou.ts';
import type { ConfusionMatrix } from '#core/metrics/confusionMatrix.ts';
import { compareFolderAction } from '../../actions/compareFolderAction.ts';
import { runAction } from '../../actions/runAction.ts';
import { agreementOf, sumFigures } from '../../store/imageFigures.ts';
import { useFigures } from '../../store/useFigures.ts';
import { useFolderRun } from '../../store/useFolderRun.ts';
import { chooseTruth } from '../../store/openProject.ts';
import { useProject } from '../../store/useProject.ts';
import { useTruth } from '../../store/useTruth.ts';
import { percent } from '../../ui/format.ts';
import { ProblemNote } from '../../ui/ProblemNote.tsx';
import { ClassFitNotes } from './ClassFitNotes.tsx';
import { ClassLegend } from './ClassLegend.tsx';
import { useCurrentImage, useImageFigures, useSlot } from './useComparison.ts';

/** The panel on the right of Compare: the classes, this image in figures, the folder in figures. */
export function Inspector() {
  const project = useProject((state) => state.project);
  const { model, source } = useSlot('teacher');
  const figures = useImageFigures();
  // Where the teacher's classes are mapped, its runs are in those of the project.
  const table = source?.table ?? model?.classTable ?? project?.classTable;
  return (
    <aside className="inspector" aria-label="Classes and figures">
      {table && <ClassLegend table={table} figures={figures} />}
      <ClassFitNotes />
      <ThisImage />
      <ThisFolder />
    </aside>
  );
}

function ThisImage() {
  const image = useCurrentImage();
  const figures = useImageFigures();
  const truth = useTruth((state) => (image ? state.truths.get(image.id) : undefined));
  const agreement = agreementOf(figures ?? undefined);
  if (!image) return null;
  return (
    <section className="panel-section" aria-label="This image" data-testid="figures-image">
      <h2 className="panel-title">This image</h2>
      {image.problem?.severity === 'note' && (
        <div className="panel-action">
          <ProblemNote problem={image.problem} />
        </div>
      )}
      {figures?.problem && (
        <div className="panel-action">
          <ProblemNote problem={figures.problem} />
        </div>
      )}
      <dl className="figures">
        <dt title="Pixels on which teacher and student say the same">Agreement</dt>
        <dd className="wide" data-testid="agreement">
          {agreement === null ? <span className="faint">–</span> : percent(agreement, 2)}
        </dd>
        {figures?.truthTeacher && <TruthRows teacher={figures.truthTeacher} student={figures.truthStudent} />}
      </dl>
      {truth?.status === 'failed' && (
        <div className="panel-action">
          <ProblemNote problem={truth.problem} />
        </div>
      )}
      {truth?.status === 'ready' &&
        truth.mask?.problems.map((problem) => (
          <div key={problem.code + problem.title} className="panel-action">
            <ProblemNote problem={problem} />
          </div>
        ))}
      {!image.hasTruth && (
        <p className="figures-note">
          No ground truth.{' '}
          <button type="button" className="link" onClick={() => void chooseTruth()}>
            Choose a folder of masks
          </button>
        </p>
      )}
    </section>
  );
}

function TruthRows({
  teacher,
  student,
}: {
  readonly teacher: ConfusionMatrix | null;
  readonly student: ConfusionMatrix | null;
}) {
  const show = (matrix: ConfusionMatrix | null): string => {
    const value = matrix && meanIou(matrix);
    return value === null ? '–' : (value * 100).toFixed(1);
  };
  return (
    <>
      <dt title="Mean IoU over the classes that are in the ground truth or were predicted">
        mIoU against truth
      </dt>
      <dd data-testid="miou-teacher" title="Teacher">
        <span className="faint">T</span> {show(teacher)}
      </dd>
      <dd data-testid="miou-student" title="Student">
        <span className="faint">S</span> {show(student)}
      </dd>
    </>
  );
}

function ThisFolder() {
  const project = useProject((state) => state.project);
  const all = useFigures((state) => state.figures);
  const progress = useFolderRun((state) => state.progress);
  const wanted = useFolderRun((state) => state.wanted);
  const sum = useMemo(() => sumFigures(all.values()), [all]);
  if (!project || project.images.length < 2) return null;
  const usable = project.images.filter((image) => image.problem?.severity !== 'error').length;
  const agreement = sum.teacherStudent && agreementOf({ ...EMPTY, teacherStudent: sum.teacherStudent });
  return (
    <section className="panel-section" aria-label="This folder" data-testid="figures-folder">
      <h2 className="panel-title">
        This folder
        <span className="faint">
          {sum.images} of {usable} compared
        </span>
      </h2>
      <dl className="figures">
        <dt>Agreement</dt>
        <dd className="wide">
          {agreement === null ? <span className="faint">–</span> : percent(agreement, 2)}
        </dd>
        {sum.truthTeacher && <TruthRows teacher={sum.truthTeacher} student={sum.truthStudent} />}
      </dl>
      {sum.truthTeacher && sum.imagesWithTruth < sum.images && (
        <p className="figures-note">mIoU over the {sum.imagesWithTruth} images with ground truth</p>
      )}
      {!wanted && sum.images < usable && (
        <button
          type="button"
          className="button panel-action"
          data-testid="compare-folder"
          onClick={() => void runAction(compareFolderAction)}
        >
          Compare the whole folder
        </button>
      )}
      {wanted && progress && <p className="figures-note">comparing the rest, behind what you look at</p>}
    </section>
  );
}

const EMPTY = {
  teacherId: null,
  studentId: null,
  truthTeacher: null,
  truthStudent: null,
  studentMap: null,
  problem: null,
} as const;
