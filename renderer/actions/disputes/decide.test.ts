import { beforeEach, describe, expect, it } from 'vitest';
import { findDisputes, type Dispute } from '#core/disputes/findDisputes.ts';
import { classId } from '#core/labels/classTable.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { setStudio } from '../../store/studio.ts';
import { MemoryMain } from '../../store/testing/memoryMain.ts';
import { disputeStates, useDisputes } from '../../store/useDisputes.ts';
import { useMask } from '../../store/useMask.ts';
import { useModels } from '../../store/useModels.ts';
import { useProject } from '../../store/useProject.ts';
import { useToasts } from '../../store/useToasts.ts';
import { standingOf, useVerdicts } from '../../store/useVerdicts.ts';
import { useView } from '../../store/useView.ts';
import { decide } from './decide.ts';
import { seekDispute, showDispute } from './seekDispute.ts';

const [SKY, ROAD, CAR] = [classId(0), classId(1), classId(2)] as const;
const map = (...ids: number[]) => ({ width: 2, height: 2, ids: Uint8Array.from(ids) });
const TEACHER = map(0, 0, 1, 1);
const STUDENT = map(0, 2, 0, 0);

const model = (id: string): ModelInfo => ({ id, sha256: `${id}-hash` }) as unknown as ModelInfo;
const pixels = (): number[] => [...(useMask.getState().raster?.ids ?? [])];
const standing = (): string[] => standingOf(1).map(({ verdict }) => verdict.kind);

async function settled(): Promise<void> {
  for (let turn = 0; turn < 80; turn++) await Promise.resolve();
}

let disputes: Dispute[];

beforeEach(async () => {
  useMask.getState().close();
  const main = new MemoryMain();
  setStudio(main);
  useProject.getState().setProject(main.project);
  useProject.getState().selectImage(1);
  useModels.setState({ models: [model('t'), model('s')], teacherId: 't', studentId: 's' });
  useVerdicts.setState({ projectId: 'p', images: new Map(), regions: new Map() });
  useView.getState().setPlace('annotate');
  useToasts.setState({ toasts: [] });
  disputes = findDisputes({ teacher: TEACHER, student: STUDENT, smallest: 0 });
  useDisputes.getState().clear();
  useDisputes.getState().put(1, { disputes, problem: null });
  useDisputes.getState().put(2, { disputes, problem: null });
  await useMask.getState().startFrom('empty');
  await settled();
});

describe('a verdict', () => {
  it('writes what the right model said, as one step, and goes on to the next dispute', async () => {
    await seekDispute(1);
    expect(useDisputes.getState().selected).toEqual({ imageId: 1, dispute: disputes[0] });
    await decide({ kind: 'teacher' });
    expect(pixels()).toEqual([255, 255, 1, 1]);
    expect(useDisputes.getState().selected?.dispute).toBe(disputes[1]);
    expect(useMask.getState().history).toMatchObject({ cursor: 2, undoLabel: 'Teacher is right: Road' });
    await decide({ kind: 'student' });
    expect(pixels()).toEqual([255, CAR, ROAD, ROAD]);
    expect(standing()).toEqual(['teacher', 'student']);
  });

  it('is undone and redone with its pixels', async () => {
    await seekDispute(1);
    await decide({ kind: 'neither', classId: CAR });
    await useMask.getState().undo();
    expect(pixels()).toEqual([255, 255, 255, 255]);
    expect(standing()).toEqual([]);
    expect(disputeStates(1)?.map(({ verdict }) => verdict)).toEqual([null, null]);
    await useMask.getState().redo();
    expect(pixels()).toEqual([255, 255, CAR, CAR]);
    expect(standing()).toEqual(['neither']);
  });

  it('for a class that a model said is a verdict for that model', async () => {
    await seekDispute(1);
    await decide({ kind: 'neither', classId: SKY });
    expect(standing()).toEqual(['student']);
  });

  it('that changes no pixel is stored all the same', async () => {
    await seekDispute(1);
    await decide({ kind: 'ignore' });
    expect(pixels()).toEqual([255, 255, 255, 255]);
    expect(useMask.getState().history.cursor).toBe(2);
    expect(standing()).toEqual(['ignore']);
  });

  it('given again on the same dispute takes the place of the first', async () => {
    await seekDispute(1);
    await decide({ kind: 'teacher' });
    await showDispute(1, disputes[0]!);
    await decide({ kind: 'student' });
    expect(pixels()).toEqual([255, 255, SKY, SKY]);
    expect(standing()).toEqual(['student']);
  });

  it('is not lost where the mask is still being opened', async () => {
    await seekDispute(1);
    await decide({ kind: 'teacher' });
    useMask.getState().close();
    void useMask.getState().openMask(1);
    expect(useMask.getState().status).toBe('loading');
    await decide({ kind: 'student' });
    expect(pixels()).toEqual([255, CAR, ROAD, ROAD]);
  });
});

describe('the way through the folder', () => {
  it('goes on with the next image, and says when nothing is left', async () => {
    await seekDispute(1);
    await decide({ kind: 'teacher' });
    await decide({ kind: 'teacher' });
    expect(useDisputes.getState().selected).toEqual({ imageId: 2, dispute: disputes[0] });
    await useMask.getState().openMask(2);
    await useMask.getState().startFrom('empty');
    await decide({ kind: 'ignore' });
    await decide({ kind: 'ignore' });
    expect(useDisputes.getState().selected).toBeNull();
    expect(useToasts.getState().toasts.map(({ title }) => title)).toEqual([
      'no dispute is left without a verdict',
    ]);
  });

  it('comes back to what was passed over, and goes backwards', async () => {
    await showDispute(1, disputes[1]!);
    await decide({ kind: 'teacher' });
    expect(useDisputes.getState().selected).toEqual({ imageId: 1, dispute: disputes[0] });
    await seekDispute(-1);
    expect(useDisputes.getState().selected?.imageId).toBe(1);
  });
});
