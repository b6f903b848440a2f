import type { ClassIds } from '../../mask/classMap.ts';
import { fillFromCorners, type PaintTask } from '../paintCells.ts';
import type { ImagingKernels } from './imagingKernels.ts';

/** What `paintCells` gives, by the kernel. */
export function paintByKernel(kernels: ImagingKernels, task: PaintTask): ClassIds {
  const { logits, outWidth, outHeight, columns, rows, columnStarts, rowStarts, mixed, starts, classIds } =
    task;
  const pixels = outWidth * outHeight;
  const wide = logits.classes > 256;
  const target = kernels.take(wide ? pixels * 2 : pixels);
  const cornersAt = kernels.put(cornersOf(task));
  const classesAt = kernels.put(classIds);
  const columnsAt = kernels.put(columns.weight);
  const rowsAt = kernels.put(rows.weight);
  const scratch = kernels.take(logits.classes * 16);
  const ids = wide ? kernels.uint16(target, pixels) : kernels.bytes(target, pixels);
  fillFromCorners(ids, task);
  const { run } = kernels;
  run.beginPainting(columnsAt, rowsAt, scratch, target, outWidth, wide ? 1 : 0);
  for (let cell = 0; cell < mixed.length; cell++) {
    const at = mixed[cell]!;
    const x = at % logits.width;
    const y = (at - x) / logits.width;
    const from = starts[cell]!;
    run.paintCell(
      cornersAt + from * 16,
      classesAt + from * 2,
      starts[cell + 1]! - from,
      columnStarts[x]!,
      columnStarts[x + 1]! - 1,
      rowStarts[y]!,
      rowStarts[y + 1]! - 1,
    );
  }
  const painted = ids.slice();
  kernels.clear();
  return painted;
}

/** The logits of each candidate at the four corners of its cell: float32 [candidates, 4]. */
function cornersOf({ logits: { logits, width, height }, mixed, starts, classIds }: PaintTask): Float32Array {
  const positions = width * height;
  const corners = new Float32Array(classIds.length * 4);
  for (let cell = 0; cell < mixed.length; cell++) {
    const at = mixed[cell]!;
    const right = (at + 1) % width === 0 ? 0 : 1;
    const below = at + width < positions ? width : 0;
    for (let slot = starts[cell]!; slot < starts[cell + 1]!; slot++) {
      const corner = classIds[slot]! * positions + at;
      corners[slot * 4] = logits[corner]!;
      corners[slot * 4 + 1] = logits[corner + right]!;
      corners[slot * 4 + 2] = logits[corner + below]!;
      corners[slot * 4 + 3] = logits[corner + below + right]!;
    }
  }
  return corners;
}
