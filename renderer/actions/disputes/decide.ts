import type { Dispute } from '#core/disputes/findDisputes.ts';
import type { Verdict, VerdictKind } from '#core/disputes/verdict.ts';
import { classId, className, type ClassId, type ClassTable } from '#core/labels/classTable.ts';
import type { MaskRaster } from '#core/mask/maskRaster.ts';
import { disputeStates, useDisputes } from '../../store/useDisputes.ts';
import { isPaintable, useMask } from '../../store/useMask.ts';
import { modelIn } from '../../store/useModels.ts';
import { useProject } from '../../store/useProject.ts';
import { useView } from '../../store/useView.ts';
import { hand } from '../../tools/hand.ts';
import { seekDispute } from './seekDispute.ts';

export type Decision =
  | { readonly kind: Exclude<VerdictKind, 'neither'> }
  /** Neither model is right: it is this class. */
  | { readonly kind: 'neither'; readonly classId: ClassId };

/** The dispute that a verdict would be on now: the selected one of the chosen image, in Annotate. */
export function disputeInHand(): Dispute | null {
  const { selected } = useDisputes.getState();
  const { imageId } = useProject.getState();
  if (useView.getState().place !== 'annotate' || selected?.imageId !== imageId) return null;
  return selected.dispute;
}

let deciding = false;

/**
 * Gives the selected dispute its verdict: fixes it in the mask (started from the teacher where there is none),
 * enters it into the ledger, both as one undo step, and goes to the next open dispute. A class that one of the
 * models said is a verdict for that model.
 */
export async function decide(decision: Decision): Promise<void> {
  const dispute = disputeInHand();
  const { imageId, project } = useProject.getState();
  const [teacher, student] = [modelIn('teacher'), modelIn('student')];
  // A second key in the meantime was not meant for the dispute that comes next.
  if (deciding || !dispute || imageId === null || !project || !teacher || !student) return;
  deciding = true;
  try {
    hand.interrupt('pointerLost');
    const mask = useMask.getState();
    await mask.openMask(imageId);
    await untilLoaded();
    if (useMask.getState().imageId === imageId && useMask.getState().status === 'unstarted') {
      await mask.startFrom('teacher');
    }
    const { raster } = useMask.getState();
    if (!raster || useMask.getState().imageId !== imageId || !isPaintable()) return;
    const { kind, finalClass } = settle(decision, dispute, project.classTable);
    raster.beginStep();
    paint(raster, dispute, kind, finalClass);
    const replaced = disputeStates(imageId)?.find((state) => state.dispute === dispute)?.verdict;
    const verdict: Verdict = {
      kind,
      teacher: { id: teacher.id, sha256: teacher.sha256 },
      student: { id: student.id, sha256: student.sha256 },
      teacherClass: dispute.teacherClass,
      studentClass: dispute.studentClass,
      finalClass,
      area: dispute.area,
      replaces: replaced?.seq ?? null,
    };
    const { rect, area, runs } = dispute;
    mask.commit(labelOf(kind, className(project.classTable, finalClass)), {
      verdict,
      region: { rect, area, runs },
    });
  } finally {
    deciding = false;
  }
  await seekDispute(1);
}

/** The image may be opening already, for the place that shows it. */
function untilLoaded(): Promise<void> {
  return new Promise((resolve) => {
    if (useMask.getState().status !== 'loading') {
      resolve();
      return;
    }
    const stop = useMask.subscribe(({ status }) => {
      if (status === 'loading') return;
      stop();
      resolve();
    });
  });
}

function settle(
  decision: Decision,
  { teacherClass, studentClass }: Dispute,
  { ignoreId }: ClassTable,
): { readonly kind: VerdictKind; readonly finalClass: ClassId } {
  switch (decision.kind) {
    case 'teacher':
      return { kind: 'teacher', finalClass: teacherClass };
    case 'student':
      return { kind: 'student', finalClass: studentClass };
    case 'ignore':
      return { kind: 'ignore', finalClass: ignoreId };
    case 'neither': {
      const finalClass = decision.classId;
      if (finalClass === teacherClass) return { kind: 'teacher', finalClass };
      if (finalClass === studentClass) return { kind: 'student', finalClass };
      return { kind: 'neither', finalClass };
    }
  }
}

/** Where a model is right, each pixel becomes what it said of it, in folded specks too. */
function paint(raster: MaskRaster, dispute: Dispute, kind: VerdictKind, finalClass: ClassId): void {
  const { runs, teacherIds, studentIds } = dispute;
  const said = kind === 'teacher' ? teacherIds : kind === 'student' ? studentIds : null;
  for (let at = 0, run = 0; at < runs.length; at += 3, run++) {
    const id = said ? classId(said[run]!) : finalClass;
    raster.setSpan(runs[at]!, runs[at + 1]!, runs[at + 2]!, id);
  }
}

function labelOf(kind: VerdictKind, name: string): string {
  switch (kind) {
    case 'teacher':
      return `Teacher is right: ${name}`;
    case 'student':
      return `Student is right: ${name}`;
    case 'neither':
      return `Neither is right: ${name}`;
    case 'ignore':
      return 'Leave as ignore';
  }
}
