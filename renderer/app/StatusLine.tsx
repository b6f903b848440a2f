import { className, type ClassTable } from '#core/labels/classTable.ts';
import { logitsAt, softmax } from '#core/imaging/postprocess.ts';
import type { ClassMap } from '#core/mask/classMap.ts';
import { hotkeysAction } from '../actions/hotkeysAction.ts';
import { paletteAction } from '../actions/paletteAction.ts';
import { useHotkeyLabel } from '../actions/useHotkeyLabel.ts';
import { useMask } from '../store/useMask.ts';
import { modelIn, useModels, type ModelSlot } from '../store/useModels.ts';
import { useProject } from '../store/useProject.ts';
import { finishedRun, useResults } from '../store/useResults.ts';
import { useTruth } from '../store/useTruth.ts';
import { useView } from '../store/useView.ts';
import { unit } from '../ui/format.ts';
import { usePixelUnderCursor, type Pixel } from './usePixelUnderCursor.ts';

/** Where the pointer is, and what mask, teacher, student and truth say there. */
export function StatusLine() {
  const pixel = usePixelUnderCursor();
  const image = useProject((state) => state.project?.images.find((one) => one.id === state.imageId));
  const place = useView((state) => state.place);
  const count = useProject((state) => state.project?.images.length ?? 0);
  const readOnly = useProject((state) => state.project?.readOnly ?? false);
  const commandsKey = useHotkeyLabel(paletteAction);
  const keysKey = useHotkeyLabel(hotkeysAction);
  return (
    <footer className="status-line" data-testid="status-line">
      {pixel && (place === 'compare' || place === 'annotate') ? (
        <>
          <span className="status-at">
            {pixel.x}, {pixel.y}
          </span>
          <MaskReading pixel={pixel} />
          <ModelReading slot="teacher" pixel={pixel} />
          <ModelReading slot="student" pixel={pixel} />
          <TruthReading pixel={pixel} />
        </>
      ) : (
        <span className="faint ellipsis">
          {image
            ? image.width > 0
              ? `${image.name} · ${image.width} × ${image.height}`
              : image.name
            : `${count} ${count === 1 ? 'image' : 'images'}`}
        </span>
      )}
      <span className="status-right faint">
        {readOnly && <span className="status-read-only">read-only</span>}
        <span>
          <kbd className="kbd">{commandsKey}</kbd> commands
        </span>
        <span>
          <kbd className="kbd">{keysKey}</kbd> keys
        </span>
      </span>
    </footer>
  );
}

function Reading({
  who,
  colour,
  name,
  confidence,
}: {
  readonly who: string;
  readonly colour: string;
  readonly name: string;
  readonly confidence?: number;
}) {
  return (
    <span className="reading" data-testid={`status-${who}`}>
      <span className="faint">{who}</span>
      <span className="swatch" style={{ background: colour }} />
      <span>{name}</span>
      {confidence !== undefined && <span className="muted">{unit(confidence)}</span>}
    </span>
  );
}

function idAt(map: ClassMap, { x, y }: Pixel): number | undefined {
  return x < map.width && y < map.height ? map.ids[y * map.width + x] : undefined;
}

function colourOf(table: ClassTable, id: number): string {
  const entry = table.classes.find((one) => one.id === id);
  return entry ? `rgb(${entry.colour.join(' ')})` : 'transparent';
}

function MaskReading({ pixel }: { readonly pixel: Pixel }) {
  const table = useProject((state) => state.project?.classTable);
  const imageId = useProject((state) => state.imageId);
  const raster = useMask((state) =>
    state.status === 'ready' && state.imageId === imageId ? state.raster : null,
  );
  const id = raster ? idAt(raster, pixel) : undefined;
  if (!table || id === undefined) return null;
  return <Reading who="mask" colour={colourOf(table, id)} name={className(table, id)} />;
}

function ModelReading({ slot, pixel }: { readonly slot: ModelSlot; readonly pixel: Pixel }) {
  const imageId = useProject((state) => state.imageId);
  const modelId = useModels((state) => modelIn(slot, state)?.id ?? null);
  const run = useResults((state) => finishedRun(imageId, modelId, state));
  if (!run) return null;
  const { classMap, table, logits } = run;
  const id = idAt(classMap, pixel);
  if (id === undefined) return null;
  const chances = softmax(logitsAt(logits, pixel.x, pixel.y, classMap.width, classMap.height));
  return (
    <Reading who={slot} colour={colourOf(table, id)} name={className(table, id)} confidence={chances[id]} />
  );
}

function TruthReading({ pixel }: { readonly pixel: Pixel }) {
  const table = useProject((state) => state.project?.classTable);
  const imageId = useProject((state) => state.imageId);
  const truth = useTruth((state) => (imageId === null ? undefined : state.truths.get(imageId)));
  if (!table || truth?.status !== 'ready' || !truth.mask) return null;
  const id = idAt(truth.mask, pixel);
  if (id === undefined) return null;
  return <Reading who="truth" colour={colourOf(table, id)} name={className(table, id)} />;
}
