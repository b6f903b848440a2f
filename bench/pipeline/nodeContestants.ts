import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepareInput } from '#core/inference/prepareInput.ts';
import { NodeSession } from '../../cli/inference/nodeSession.ts';
import { decodeImageFile } from '../../main/node/decodeImage.ts';
import { PEER_PACKAGE, type BenchImage, type BenchModel } from './material.ts';
import { createPeer, type Transformers } from './peerPipeline.ts';
import type { Contestants } from './timedRows.ts';

export interface BenchModels {
  readonly b0of150: BenchModel;
  readonly b0of11: BenchModel;
  readonly teacher: BenchModel;
  readonly student: BenchModel;
  /** Light forms of the student. */
  readonly light: BenchModel;
  readonly lightSmall: BenchModel;
}

export interface Agreement {
  /** Pixels that differ, of all, where both are given the same input. */
  readonly different: number;
  readonly pixels: number;
}

/** The same contestants in this process. transformers.js brings its native runtime and its own decoder here. */
export async function nodeContestants(
  models: BenchModels,
  images: Readonly<Record<'small' | 'large', BenchImage>>,
): Promise<{ contestants: Contestants; agree: () => Promise<Agreement> }> {
  const open = (
    { info, exact }: BenchModel,
    form: 'plain' | 'exact',
    keepRatio?: number,
  ): Promise<NodeSession> =>
    NodeSession.create(form === 'exact' ? { ...info, onnxFile: exact.path, sha256: exact.sha256 } : info, {
      threads: 2,
      optimise: false,
      keepRatio,
    });
  const sessions = {
    plain150: await open(models.b0of150, 'plain'),
    exact150: await open(models.b0of150, 'exact'),
    plain11: await open(models.b0of11, 'plain'),
    teacher: await open(models.teacher, 'exact'),
    keep70: await open(models.student, 'exact', 0.7),
    keep50: await open(models.student, 'exact', 0.5),
    light: await open(models.light, 'exact'),
    lightSmall: await open(models.lightSmall, 'exact'),
  };
  const library = (await import(
    pathToFileURL(join(PEER_PACKAGE, 'dist', 'transformers.node.mjs')).href
  )) as Transformers;
  const folder = models.b0of150.info.folder;
  const peer = await createPeer(library, {
    model: 'segformer-b0-150',
    models: dirname(folder),
    device: 'cpu',
  });

  const read = async (image: BenchImage) => decodeImageFile(await readFile(image.path), image.name);
  const small = await read(images.small);
  const inference = (session: NodeSession) => async (): Promise<number> =>
    (await session.segment(small)).timings.inference;
  return {
    contestants: {
      where: 'Node',
      peer: async (size) => {
        const start = performance.now();
        await peer.segmentFile(images[size].path);
        return performance.now() - start;
      },
      ours: async (size) => {
        const start = performance.now();
        const { timings } = await sessions.exact150.segment(await read(images[size]));
        return { total: performance.now() - start, postprocess: timings.postprocess };
      },
      inference: {
        plain150: inference(sessions.plain150),
        exact150: inference(sessions.exact150),
        plain11: inference(sessions.plain11),
        teacher: inference(sessions.teacher),
        keep70: inference(sessions.keep70),
        keep50: inference(sessions.keep50),
        light: inference(sessions.light),
        lightSmall: inference(sessions.lightSmall),
      },
    },
    agree: async () => {
      const { preprocessor } = models.b0of150.info;
      const input = prepareInput(small, { preprocessor, sizing: 'square', now: () => performance.now() });
      const { classMap } = await sessions.exact150.segment(input);
      const values = input.pixelValues(input.plan.tiles[0]!);
      const { width, height } = small;
      const said = await peer.segmentValues(values, [input.plan.height, input.plan.width], [height, width]);
      let different = 0;
      for (let pixel = 0; pixel < said.length; pixel++) if (said[pixel] !== classMap.ids[pixel]) different++;
      return { different, pixels: said.length };
    },
  };
}
