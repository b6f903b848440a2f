import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { measureImage, type ContestantOutput } from '#core/evaluation/measureImage.ts';
import { packedGates } from '#core/evaluation/packedGates.ts';
import type { ShardLine } from '#core/evaluation/shardFile.ts';
import type { PreparedInput } from '#core/inference/prepareInput.ts';
import { ProblemError, toProblem, type Problem } from '#core/problem.ts';
import { decodeImageFile } from '../../main/node/decodeImage.ts';
import { TruthFolder } from '../../main/node/truthFolder.ts';
import { NodeSession } from '../inference/nodeSession.ts';
import type { EvaluationJob, JobImage } from './evaluationJob.ts';

/** Measures images one after the other, in this process. */
export interface Measurer {
  /** Never throws: an image that cannot be measured is a line with its problem. */
  measure(image: JobImage): Promise<ShardLine>;
  close(): Promise<void>;
}

/** Opens the job's models. Throws what NodeSession.create and TruthFolder.open throw. */
export async function openMeasurer(job: EvaluationJob): Promise<Measurer> {
  const truth = job.masks === null ? null : await TruthFolder.open(job.masks);
  const { sizing, optimise } = job.plan.settings;
  const sessions: NodeSession[] = [];
  for (const [index, { keepRatio }] of job.plan.contestants.entries()) {
    const threads = job.threads ?? undefined;
    sessions.push(await NodeSession.create(job.models[index]!, { threads, sizing, keepRatio, optimise }));
  }
  const modelTables = job.models.map(({ classTable }) => classTable);

  const measureFile = async (image: JobImage, bytes: Buffer, note: (problem: Problem) => void) => {
    const mask = truth && (await truth.read(image, job.classTable));
    mask?.problems.forEach(note);
    if (truth && !mask) throw noMask(image.name, truth.folder);
    const start = performance.now();
    const picture = await decodeImageFile(bytes, image.name);
    const decode = performance.now() - start;
    const inputs = new Map<string, PreparedInput>();
    const run = async (index: number): Promise<ContestantOutput> => {
      const session = sessions[index]!;
      const input = inputs.get(session.preparation) ?? session.prepare(picture);
      inputs.set(session.preparation, input);
      const { classMap, logits, timings, gates, ...sizes } = await session.segment(input);
      const facts = {
        ms: { decode, ...timings },
        macs: session.macs(sizes),
        gates: gates && packedGates(gates),
      };
      return { classMap, logits, facts };
    };
    const task = { truth: mask?.ids ?? null, earlier: sessions.map(() => null) };
    return measureImage(task, { plan: job.plan, table: job.classTable, modelTables, run });
  };

  return {
    measure: async (image) => {
      const problems: Problem[] = [];
      const line = { image: image.name, place: image.place, stamp: image.stamp };
      let sha256 = '';
      try {
        const bytes = await readFile(join(job.folder, image.name));
        sha256 = createHash('sha256').update(bytes).digest('hex');
        const measured = await measureFile(image, bytes, (problem) => problems.push(problem));
        return { ...line, sha256, results: measured.map(({ result }) => result), problems };
      } catch (error) {
        problems.push(toProblem(error, { code: 'image.failed', subject: image.name }));
        return { ...line, sha256, results: null, problems };
      }
    },
    close: async () => {
      for (const session of sessions) await session.release();
    },
  };
}

function noMask(name: string, masks: string): ProblemError {
  return new ProblemError({
    code: 'truth.missing',
    subject: name,
    title: 'it has no mask',
    hint: `A mask has the name of its image with the ending .png, in ${masks}`,
  });
}
