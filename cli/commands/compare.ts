import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { maskNames } from '#core/formats/maskNames.ts';
import type { ClassIds } from '#core/mask/classMap.ts';
import type { InputSizing } from '#core/inference/runSettings.ts';
import { ConfusionMatrix } from '#core/metrics/confusionMatrix.ts';
import { classShare, perClassIou, pixelAccuracy } from '#core/metrics/iou.ts';
import { ProblemError, toProblem, type Problem } from '#core/problem.ts';
import { decodeImageFile } from '../../main/node/decodeImage.ts';
import { listImageFolder, type ListedImage } from '../../main/node/imageFolder.ts';
import { resolveModel } from '../../main/node/modelCatalog.ts';
import { findTruthFolder, TruthFolder } from '../../main/node/truthFolder.ts';
import { classesIn, sayIgnored, type ModelClasses } from '../classChoices.ts';
import { defaultModel } from '../defaultModel.ts';
import { createProgress, printJson, say, sayProblem } from '../console.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import type { ComparedImage, Comparison } from '../report/comparison.ts';
import { comparisonHtml } from '../report/comparisonHtml.ts';
import { Contestant } from '../report/contestant.ts';
import { differencePicture } from '../report/differencePicture.ts';
import { prepareReportFolder, REPORT_PAGE, REPORT_SUMMARY, writeInto } from '../report/reportFolder.ts';
import { catalogFile } from '../repositoryFiles.ts';

export interface CompareOptions {
  readonly folder: string;
  readonly out: string;
  /** Ids of the catalogue, or paths of model folders. Default: the catalogue's first of each role. */
  readonly teacher?: string;
  readonly student?: string;
  /** Default: the `masks` folder beside the images, where there is one. */
  readonly masks?: string;
  /** Print the summary on stdout too. */
  readonly json: boolean;
  readonly threads?: number;
  readonly sizing?: InputSizing;
  /** Also write both models' confidence, pixel by pixel. */
  readonly confidence?: boolean;
  /** Keep ratio of the student, 0 to 1. */
  readonly keep?: number;
  /** False: the models' own files, not the optimised forms of them. */
  readonly optimise?: boolean;
  /** `old=new`: a class of a model and that of the other, which has fewer classes. */
  readonly map?: readonly string[];
}

/** `dynaseg compare`: both models on a folder; masks, difference pictures, summary.json and index.html. */
export async function compare(options: CompareOptions): Promise<ExitCode> {
  const teacherModel = await resolveModel(options.teacher ?? (await defaultModel('teacher')), catalogFile);
  const studentModel = await resolveModel(options.student ?? (await defaultModel('student')), catalogFile);
  // The coarser classes are what both can say.
  const coarser = studentModel.classTable.classes.length < teacherModel.classTable.classes.length;
  const { classTable } = coarser ? studentModel : teacherModel;
  const models = [teacherModel, studentModel] as const;
  const [ofTeacher, ofStudent] = classesIn(classTable, models, { map: options.map ?? [] });
  const listing = await listImageFolder(options.folder);
  const truthFolder = options.masks ?? (await findTruthFolder(listing.folder, listing.chosen));
  const truth = truthFolder === null ? null : await TruthFolder.open(truthFolder);
  const out = await prepareReportFolder(options.out);
  const problems: Problem[] = [...listing.problems, ...teacherModel.problems, ...studentModel.problems];
  const note = (problem: Problem) => {
    problems.push(problem);
    sayProblem(problem);
  };
  problems.forEach(sayProblem);

  const { threads, sizing, keep, optimise, confidence = false } = options;
  [ofTeacher, ofStudent].forEach(sayIgnored);
  const teacher = await Contestant.enter('teacher', ofTeacher, { threads, sizing, optimise });
  const student = await Contestant.enter('student', ofStudent, {
    threads,
    sizing,
    keepRatio: keep,
    optimise,
  });
  /** Rows: the teacher's class, columns: the student's. */
  const between = new ConfusionMatrix(classTable);
  const masks = maskNames(listing.images.map(({ name }) => name));
  const images: ComparedImage[] = [];
  const progress = createProgress('compared', listing.images.length);

  /** A mask that cannot be read is said, and its image is compared all the same. */
  const readTruth = async (entry: ListedImage): Promise<ClassIds | null> => {
    try {
      const mask = await truth?.read(entry, classTable);
      mask?.problems.forEach(note);
      return mask?.ids ?? null;
    } catch (error) {
      note(toProblem(error, { code: 'truth.failed', subject: entry.name }));
      return null;
    }
  };

  const compareImage = async (entry: ListedImage, maskName: string): Promise<ComparedImage> => {
    const bytes = await readFile(join(listing.folder, entry.name));
    const start = performance.now();
    const image = await decodeImageFile(bytes, entry.name);
    const decode = performance.now() - start;
    const mask = await readTruth(entry);
    const input = teacher.session.prepare(image);
    const shared = teacher.session.preparation === student.session.preparation;
    const byTeacher = await teacher.segment(input);
    const byStudent = await student.segment(shared ? input : image);
    const here = new ConfusionMatrix(classTable);
    here.add(byTeacher.classMap.ids, byStudent.classMap.ids);
    between.merge(here);
    const difference = `difference/${maskName}`;
    await writeInto(out, difference, differencePicture(image, byTeacher.classMap, byStudent.classMap));
    return {
      image: entry.name,
      width: image.width,
      height: image.height,
      equalShare: pixelAccuracy(here) ?? 1,
      difference,
      teacher: await teacher.finish(byTeacher, { decode, truth: mask, out, maskName, confidence }),
      student: await student.finish(byStudent, { decode, truth: mask, out, maskName, confidence }),
    };
  };

  for (const [index, entry] of listing.images.entries()) {
    try {
      if (entry.problem) note(entry.problem);
      if (entry.problem?.severity !== 'error') images.push(await compareImage(entry, masks[index]!));
    } catch (error) {
      note(toProblem(error, { code: 'image.failed', subject: entry.name }));
    }
    progress.step(entry.name);
  }
  progress.end();
  await teacher.session.release();
  await student.session.release();
  if (images.length === 0) {
    throw new ProblemError({
      code: 'compare.nothing',
      subject: options.folder,
      title: 'no image of this folder could be compared',
      hint: 'The messages above say why, image by image',
    });
  }

  const shareTeacher = classShare(between);
  const total = between.counts.reduce((sum, count) => sum + count, 0);
  const iou = {
    both: perClassIou(between),
    teacher: perClassIou(teacher.confusion),
    student: perClassIou(student.confusion),
  };
  const comparison: Comparison = {
    version: 1,
    folder: listing.chosen,
    teacher: teacher.total(),
    student: student.total(),
    equalShare: pixelAccuracy(between) ?? 1,
    ...((ofTeacher.mapping ?? ofStudent.mapping) && { mapped: mappedOf(ofTeacher, ofStudent) }),
    classes: classTable.classes.map(({ name }, index) => ({
      name,
      shareTeacher: shareTeacher[index] ?? 0,
      shareStudent: between.predictedTotal(index) / total,
      iou: iou.both[index] ?? null,
      iouTeacher: iou.teacher[index] ?? null,
      iouStudent: iou.student[index] ?? null,
    })),
    images,
    problems,
  };
  await writeInto(out, REPORT_SUMMARY, `${JSON.stringify(comparison, null, 2)}\n`);
  await writeInto(out, REPORT_PAGE, comparisonHtml(comparison));
  if (options.json) printJson(comparison);
  say(`${images.length} of ${listing.images.length} images compared: ${join(out, REPORT_PAGE)}`);
  return problems.some(({ severity }) => severity === 'error') ? EXIT.partial : EXIT.ok;
}

const mappedOf = (teacher: ModelClasses, student: ModelClasses): Comparison['mapped'] => {
  const said = ({ map, ignored }: ModelClasses) => ({ map, ignored });
  return { teacher: said(teacher), student: said(student) };
};
