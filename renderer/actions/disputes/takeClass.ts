import type { ClassId } from '#core/labels/classTable.ts';
import { useMask } from '../../store/useMask.ts';
import { decide, disputeInHand } from './decide.ts';

/** What choosing a class means: the verdict on the selected dispute, or the class to paint with where there is none. */
export async function takeClass(id: ClassId): Promise<void> {
  if (disputeInHand()) await decide({ kind: 'neither', classId: id });
  else useMask.getState().setActiveClass(id);
}
