import { useMemo } from 'react';
import type { ClassTable } from '#core/labels/classTable.ts';
import { PictureView } from '../../canvas/PictureView.tsx';
import type { StageLayer } from '../../store/stageLayer.ts';
import { onMaskDirty, useMask } from '../../store/useMask.ts';
import { useView } from '../../store/useView.ts';
import { hand } from '../../tools/hand.ts';
import { useTool } from '../../tools/useTool.ts';
import type { ShownPicture } from '../compare/usePicture.ts';
import { useStageLayers } from '../compare/useStageLayers.ts';
import { useDisputeHighlight } from '../disputes/useDisputeHighlight.ts';

interface MaskStageProps {
  readonly picture: ShownPicture;
  readonly table: ClassTable;
  readonly label: string;
}

/** The picture with its mask, under the tool in the hand. */
export function MaskStage({ picture, table, label }: MaskStageProps) {
  const raster = useMask((state) => (state.status === 'ready' ? state.raster : null));
  const source = useMemo(() => raster && { key: 'mask', map: raster, table }, [raster, table]);
  const still = useStageLayers(source);
  const layers = useMemo(
    () =>
      still.map((layer): StageLayer =>
        layer.kind === 'classes' ? { ...layer, subscribe: onMaskDirty } : layer,
      ),
    [still],
  );
  const covered = useView((view) => view.layers === 'mask' && !view.peeking) && raster !== null;
  const toolVersion = useTool((state) => state.overlayVersion);
  const activeClass = useMask((state) => state.activeClass);
  const highlight = useDisputeHighlight();
  return (
    <PictureView
      label={label}
      picture={covered ? null : picture.colour}
      imageSize={picture.size}
      layers={layers}
      handler={hand}
      overlayVersion={`${toolVersion} ${activeClass}`}
      highlight={highlight}
      testId="stage-mask"
    />
  );
}
