import { useMemo } from 'react';
import { disputeStates, useDisputes } from '../../store/useDisputes.ts';
import { useProject } from '../../store/useProject.ts';
import { standingOf, useVerdicts } from '../../store/useVerdicts.ts';

export interface FolderDisputes {
  /** Disputes with a verdict, all images. */
  readonly decided: number;
  /** Open ones of the images that both models have looked at since the studio was started. */
  readonly open: number;
  readonly imagesLookedAt: number;
  readonly images: number;
}

/** The folder's disputes in numbers. */
export function useFolderDisputes(): FolderDisputes {
  const all = useProject((state) => state.project?.images);
  const found = useDisputes((state) => state.images);
  const verdicts = useVerdicts();
  return useMemo(() => {
    let decided = 0;
    let open = 0;
    for (const imageId of verdicts.images.keys()) decided += standingOf(imageId, verdicts).length;
    for (const imageId of found.keys()) {
      for (const { verdict } of disputeStates(imageId, { images: found }, verdicts) ?? []) {
        if (!verdict) open++;
      }
    }
    const images = all?.filter((image) => image.problem?.severity !== 'error').length ?? 0;
    return { decided, open, imagesLookedAt: found.size, images };
  }, [all, found, verdicts]);
}
