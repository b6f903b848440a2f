import { z } from 'zod';
import { evaluationCalls, evaluationEvents } from '../evaluation/evaluationCalls.ts';
import { FORMAT_IDS } from '../formats/maskFormat.ts';
import { retrainOptionsSchema } from '../formats/retrainOptions.ts';
import { splitOptionsSchema } from '../formats/splitImages.ts';
import { menuActionSchema } from '../hotkeys/menuAction.ts';
import { classEditSchema } from '../labels/classEdit.ts';
import { classTableSchema } from '../labels/classTable.ts';
import { classUsageSchema } from '../labels/classUsage.ts';
import { hubCalls, hubEvents } from './hubCalls.ts';
import { importCalls, importEvents } from './importCalls.ts';
import { retrainCalls } from './retrainCalls.ts';
import { modelFactsSchema } from '../models/modelFacts.ts';
import { modelInfoSchema } from '../models/modelInfo.ts';
import { modelAnswersSchema } from '../models/modelMapping.ts';
import { gateCalls } from './gateCalls.ts';
import { packedProjectSchema } from './packedProject.ts';
import { prunedModelSchema } from '../prune/pruneReport.ts';
import { reviewSchema } from '../review/review.ts';
import {
  commitStepRequestSchema,
  exportSummarySchema,
  historyStateSchema,
  imageIdSchema,
  imageVerdictsSchema,
  movedStepSchema,
  openMaskSchema,
  recentProjectSchema,
  settingsSchema,
  storedRegionSchema,
  truthMaskSchema,
} from './schemas.ts';

const nothing = z.strictObject({});
/** The project is named so that a call from before another folder was opened never touches that one's masks. */
const projectId = z.string().min(1);
const onImage = z.strictObject({ imageId: imageIdSchema });
const onMask = onImage.extend({ projectId });

/**
 * Every call from the window to the main process: the request is parsed on arrival, and the answer is an
 * `Outcome` of the response. `null` from a chooser: the user closed the dialog.
 * Mask calls are about the open project; the main process runs them one after the other.
 */
export const contract = {
  'app.start': {
    request: nothing,
    response: z.object({
      version: z.string(),
      electron: z.string(),
      chrome: z.string(),
      project: packedProjectSchema,
      models: z.array(modelInfoSchema),
      settings: settingsSchema,
      recent: z.array(recentProjectSchema),
    }),
  },
  'project.open': { request: z.strictObject({ folder: z.string().min(1) }), response: packedProjectSchema },
  'project.choose': { request: nothing, response: packedProjectSchema.nullable() },
  'project.recent': { request: nothing, response: z.array(recentProjectSchema) },
  'truth.choose': { request: nothing, response: packedProjectSchema.nullable() },
  /** The ground truth of an image, or null where it has none. */
  'truth.read': { request: onImage, response: truthMaskSchema.nullable() },
  /** The mask as it was left, or null where the image has none. */
  'mask.open': { request: onMask, response: openMaskSchema.nullable() },
  /** On the disk before it answers: the step survives a kill and a power cut. */
  'mask.commit': { request: commitStepRequestSchema.extend({ projectId }), response: historyStateSchema },
  /** Answers when every step stored by COMMIT_CHANNEL is on the disk. */
  'mask.flush': { request: z.strictObject({ projectId }), response: z.null() },
  /** null: nothing to undo. */
  'mask.undo': { request: onMask, response: movedStepSchema.nullable() },
  'mask.redo': { request: onMask, response: movedStepSchema.nullable() },
  /** Every image of the project that has a verdict. */
  'verdicts.list': { request: z.strictObject({ projectId }), response: z.array(imageVerdictsSchema) },
  'verdicts.regions': { request: onMask, response: z.array(storedRegionSchema) },
  /** How far the images are; those that are to do are left out. */
  'review.list': { request: z.strictObject({ projectId }), response: z.array(reviewSchema) },
  'review.set': { request: z.strictObject({ projectId, review: reviewSchema }), response: reviewSchema },
  /** What the masks hold; null where it was cancelled. `classes.progress` tells how far it is. */
  'classes.usage': { request: z.strictObject({ projectId }), response: classUsageSchema.nullable() },
  /** Changes the classes, and every mask where pixels change with them; null where it was cancelled. */
  'classes.edit': {
    request: z.strictObject({ projectId, edit: classEditSchema }),
    response: z
      .object({
        classTable: classTableSchema,
        /** Images with one more step, which undo on any of them takes back on all. */
        imageIds: z.array(imageIdSchema),
        label: z.string(),
      })
      .nullable(),
  },
  'classes.cancel': { request: nothing, response: z.null() },
  ...gateCalls,
  /** A model folder, or an ONNX file. */
  'models.add': { request: z.strictObject({ folder: z.string().min(1) }), response: modelInfoSchema },
  'models.choose': { request: nothing, response: modelInfoSchema.nullable() },
  'models.chooseFile': { request: nothing, response: modelInfoSchema.nullable() },
  /** Keeps what the user says of a model, or with `file` which of its folder's files runs, and reads it by that. */
  'models.answer': {
    request: z.strictObject({ modelId: z.string().min(1), answers: modelAnswersSchema }),
    response: modelInfoSchema,
  },
  /** What of a model that was added goes from the disk with it; null: it lies in a folder of the user's. */
  'models.ownFiles': {
    request: z.strictObject({ modelId: z.string().min(1) }),
    response: z.object({ bytes: z.number().int().nonnegative() }).nullable(),
  },
  /** Takes a model that was added from the list, and deletes it where the studio downloaded it. */
  'models.remove': { request: z.strictObject({ modelId: z.string().min(1) }), response: z.null() },
  /** What its graph is, and in which form it runs: rewritten, or why not. */
  'models.facts': {
    request: z.strictObject({ modelId: z.string().min(1) }),
    response: modelFactsSchema.extend({ optimised: z.boolean(), reason: z.string().nullable() }),
  },
  ...hubCalls,
  'prune.choose': { request: nothing, response: z.string().nullable() },
  /** Writes a student that the window's worker pruned into a new or empty folder, and adds it to the models. */
  'prune.write': {
    request: z.strictObject({
      teacherId: z.string().min(1),
      folder: z.string().min(1),
      student: prunedModelSchema,
    }),
    response: modelInfoSchema,
  },
  'export.choose': { request: nothing, response: z.string().nullable() },
  /** Answers when it is done or cancelled; `export.progress` tells how far it is. */
  'export.run': {
    request: z.strictObject({
      folder: z.string().min(1),
      format: z.enum(FORMAT_IDS),
      split: splitOptionsSchema,
      /** For formats with classes of their own: what the project's classes are there. */
      map: z.record(z.string(), z.string()),
      /** For formats that weigh; what the models say is in the project by then: `retrain.task`. */
      retrain: retrainOptionsSchema.optional(),
    }),
    response: exportSummarySchema,
  },
  'export.cancel': { request: nothing, response: z.null() },
  ...retrainCalls,
  ...importCalls,
  ...evaluationCalls,
  /** The actions of the window with their keys, for the application menu. */
  'menu.show': { request: z.strictObject({ actions: z.array(menuActionSchema) }), response: z.null() },
  'settings.save': { request: z.strictObject({ settings: settingsSchema }), response: z.null() },
  'shell.showInFolder': { request: z.strictObject({ path: z.string().min(1) }), response: z.null() },
} as const satisfies Record<string, { request: z.ZodType; response: z.ZodType }>;

export type Method = keyof typeof contract;
export type RequestOf<M extends Method> = z.input<(typeof contract)[M]['request']>;
export type ResponseOf<M extends Method> = z.output<(typeof contract)[M]['response']>;

/** What the main process tells the window without being asked. */
export const events = {
  'export.progress': z.object({
    done: z.number().int(),
    total: z.number().int(),
    /** The image being written. */
    current: z.string(),
  }),
  ...hubEvents,
  ...importEvents,
  ...evaluationEvents,
  /** Masks looked at, of all. */
  'classes.progress': z.object({ done: z.number().int(), total: z.number().int() }),
  /** A menu item or a shortcut of the application menu: the id of an action of the window. */
  'menu.command': z.object({ action: z.string() }),
  /** A step of its mask brought an image into another state of review. */
  'review.changed': z.object({ projectId, review: reviewSchema }),
  /** The main process opened another project (second start with a folder, Open Recent). */
  'project.changed': z.object({ project: packedProjectSchema }),
} as const satisfies Record<string, z.ZodType>;

export type EventName = keyof typeof events;
export type EventOf<E extends EventName> = z.output<(typeof events)[E]>;

/** The name of the one channel for calls, and of the one for events. */
export const CALL_CHANNEL = 'studio:call';
export const EVENT_CHANNEL = 'studio:event';
/**
 * `mask.commit` while the window waits, so that a finished stroke is in the project file before the next frame is
 * drawn. The answer is an `Outcome`, or null where the main process would have to wait itself: then nothing was
 * done. The step survives a kill of every process; `mask.flush` makes it survive a power cut.
 */
export const COMMIT_CHANNEL = 'studio:commit';
