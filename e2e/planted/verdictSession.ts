import type { Page } from '@playwright/test';
import { findDisputes, type Dispute } from '#core/disputes/findDisputes.ts';
import type { ClassMap } from '#core/mask/classMap.ts';
import type { PlantedPicture } from './plantedFolder.ts';

/** The keys of the first eleven classes. */
const CLASS_KEYS = '1234567890-';
const STEP_LIMIT_MS = 60_000;

/** What the studio shows of the selected dispute. */
export interface ShownDispute {
  /** Of the picture, without its ending. */
  readonly picture: string;
  /** `x y width height area`. */
  readonly region: string;
}

export const regionText = ({ rect: { x, y, width, height }, area }: Dispute): string =>
  [x, y, width, height, area].join(' ');

/** The dispute that the studio has selected, null where there is none. */
export function shownDispute(page: Page): Promise<ShownDispute | null> {
  return page.evaluate(() => {
    const row = document.querySelector('[data-testid="dispute-list"] [aria-selected="true"]');
    const label = document.querySelector('[data-testid="stage-mask"]')?.getAttribute('aria-label');
    const region = row?.getAttribute('data-region');
    const picture = /^mask of (.*)\.\w+$/.exec(label ?? '')?.[1];
    return region && picture ? { picture, region } : null;
  });
}

/** Waits until another dispute than this is selected; null where none is left in the folder. */
export async function nextShown(page: Page, before: ShownDispute | null): Promise<ShownDispute | null> {
  const end = Date.now() + STEP_LIMIT_MS;
  while (Date.now() < end) {
    const shown = await shownDispute(page);
    if (shown && (shown.picture !== before?.picture || shown.region !== before.region)) return shown;
    if (!shown && (await page.getByText('no dispute is left without a verdict').isVisible())) return null;
    await page.waitForTimeout(15);
  }
  throw new Error(`no other dispute was shown within ${STEP_LIMIT_MS / 1000} s`);
}

export interface Verdict {
  readonly key: string;
  readonly kind: 'teacher' | 'student' | 'neither';
}

/** What somebody who sees the picture says of a dispute: the class that most of its pixels truly have. */
export function trueVerdict(dispute: Dispute, truth: ClassMap): Verdict {
  const id = mostFrequent(dispute, truth);
  if (id === dispute.teacherClass) return { key: 't', kind: 'teacher' };
  if (id === dispute.studentClass) return { key: 's', kind: 'student' };
  return { key: CLASS_KEYS[id] ?? 'x', kind: 'neither' };
}

export function mostFrequent({ runs }: Dispute, { width, ids }: ClassMap): number {
  const counts = new Map<number, number>();
  for (let at = 0; at < runs.length; at += 3) {
    for (let n = runs[at]! * width + runs[at + 1]!; n < runs[at]! * width + runs[at + 2]!; n++) {
      counts.set(ids[n]!, (counts.get(ids[n]!) ?? 0) + 1);
    }
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]![0];
}

/** The disputes of a picture by the text that the studio shows of them. */
export function disputesOf(picture: PlantedPicture, smallest: number): ReadonlyMap<string, Dispute> {
  const found = findDisputes({ teacher: picture.teacher, student: picture.student, smallest });
  return new Map(found.map((dispute) => [regionText(dispute), dispute]));
}
