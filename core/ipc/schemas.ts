import { z } from 'zod';
import { hotkeySchema } from '../hotkeys/hotkey.ts';
import { DEFAULT_SMALLEST_DISPUTE } from '../formats/retrainOptions.ts';
import { renumberingSchema, verdictSchema } from '../disputes/verdict.ts';
import { classTableSchema } from '../labels/classTable.ts';
import { problemSchema } from '../problem.ts';
import { runSettingsSchema } from '../inference/runSettings.ts';
import { toolSettingsSchema } from './toolSettings.ts';

/** Row id of an image in its project file. */
export const imageIdSchema = z.number().int().positive();

export const imageEntrySchema = z.object({
  id: imageIdSchema,
  /** Path relative to the folder, with forward slashes. */
  name: z.string(),
  /** Upright size in pixels (EXIF orientation applied); 0 x 0 where the header could not be read. */
  width: z.number().int().nonnegative(),
  height: z.number().int().nonnegative(),
  bytes: z.number().int().nonnegative(),
  /** `studio://app/image/<project>/<id>`: the file's own bytes. */
  url: z.string(),
  hasTruth: z.boolean(),
  /** The project holds a mask for it (history cursor above 0). */
  hasMask: z.boolean(),
  /** An `error`: it cannot be opened. A `note`: it can, but. */
  problem: problemSchema.nullable(),
});
export type ImageEntry = z.infer<typeof imageEntrySchema>;

export const projectSummarySchema = z.object({
  id: z.string(),
  /** The folder's name. */
  name: z.string(),
  /** Absolute path of the image folder. */
  folder: z.string(),
  /** Absolute path of the project file. */
  projectFile: z.string(),
  /** Absolute path of the ground-truth folder in use. */
  truthFolder: z.string().nullable(),
  classTable: classTableSchema,
  images: z.array(imageEntrySchema),
  /** What is to be said of the folder as a whole: no images, read-only, held by another window. */
  problems: z.array(problemSchema),
  /** Edits cannot be stored, and say so when tried. */
  readOnly: z.boolean(),
});
export type ProjectSummary = z.infer<typeof projectSummarySchema>;

export const recentProjectSchema = z.object({ folder: z.string(), name: z.string(), openedAt: z.number() });
export type RecentProject = z.infer<typeof recentProjectSchema>;

/** What a mask was started from. */
export const maskOriginSchema = z.object({
  kind: z.enum(['teacher', 'student', 'truth', 'empty', 'import']),
  modelId: z.string().nullable(),
  modelSha256: z.string().nullable(),
});
export type MaskOrigin = z.infer<typeof maskOriginSchema>;
/** What the window can start a mask from; imports are stored by the main process. */
export type StartKind = Exclude<MaskOrigin['kind'], 'import'>;

const byteArraySchema = z.instanceof(Uint8Array);
export const idsSchema = z.union([z.instanceof(Uint8Array), z.instanceof(Uint16Array)]);

/** Where an image's history stands: `cursor` of `length` steps are applied. */
export const historyStateSchema = z.object({
  cursor: z.number().int().nonnegative(),
  length: z.number().int().nonnegative(),
  /** What the next undo and redo would change, for the menu. */
  undoLabel: z.string().nullable(),
  redoLabel: z.string().nullable(),
});
export type HistoryState = z.infer<typeof historyStateSchema>;

export const openMaskSchema = z.object({
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** The mask at the cursor: all ignore where cursor is 0. */
  ids: idsSchema,
  origin: maskOriginSchema.nullable(),
  history: historyStateSchema,
});
export type OpenMask = z.infer<typeof openMaskSchema>;

export const commitStepRequestSchema = z.object({
  imageId: imageIdSchema,
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** `Brush Road`: what undo says. */
  label: z.string().min(1).max(120),
  /** core/mask/patch.ts, encoded. Steps after the cursor are dropped first. */
  patch: byteArraySchema,
  /** Set on the step that starts the mask from a model, the truth or nothing. */
  origin: maskOriginSchema.nullable(),
  /** Set on the step that decides a disputed region: stored, undone and redone with it. */
  verdict: verdictSchema.extend({ region: byteArraySchema }).optional(),
});
export type CommittedVerdict = NonNullable<z.infer<typeof commitStepRequestSchema>['verdict']>;

/** Every verdict of a mask, undone ones included. */
export const imageVerdictsSchema = z.object({
  imageId: imageIdSchema,
  cursor: z.number().int().nonnegative(),
  starts: z.array(z.number().int()).readonly(),
  renumberings: z.array(renumberingSchema).readonly().optional(),
  verdicts: z.array(z.object({ seq: z.number().int().positive(), verdict: verdictSchema })).readonly(),
});

/** core/disputes/region.ts, encoded: the region of the verdict that step `seq` gave. */
export const storedRegionSchema = z.object({ seq: z.number().int().positive(), region: byteArraySchema });
export type StoredRegion = z.infer<typeof storedRegionSchema>;

/** The step that undo or redo moved over; the window applies `before` (undo) or `after` (redo) of the patch. */
export const movedStepSchema = z.object({
  patch: byteArraySchema,
  label: z.string(),
  history: historyStateSchema,
  origin: maskOriginSchema.nullable(),
  /** Set where the step changed several masks: all of them were moved. */
  group: z
    .object({
      masks: z.array(z.object({ imageId: imageIdSchema, hasMask: z.boolean() })),
      /** The classes from now on; null where the step left them alone. */
      classTable: classTableSchema.nullable(),
    })
    .nullable(),
});
export type MovedStep = z.infer<typeof movedStepSchema>;

export const truthMaskSchema = z.object({
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** Ids of the project's class table; everything to be ignored is its ignoreId. */
  ids: idsSchema,
  problems: z.array(problemSchema),
});
export type TruthMask = z.infer<typeof truthMaskSchema>;

export const exportSummarySchema = z.object({
  folder: z.string(),
  /** Masks written. */
  written: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
  cancelled: z.boolean(),
  problems: z.array(problemSchema),
  /** Of a format that weighs: disputes, and pixels that are left out for them or count more. */
  weighed: z
    .object({
      open: z.number().int().nonnegative(),
      decided: z.number().int().nonnegative(),
      openPixels: z.number().int().nonnegative(),
      correctedPixels: z.number().int().nonnegative(),
    })
    .optional(),
});
export type ExportSummary = z.infer<typeof exportSummarySchema>;

/** What the window remembers between starts. Unknown keys of a newer version are kept. */
const classIdNumber = z.number().int().min(0).max(65535);

/** A share of equal pixels, 0 to 1; without one, why there is none. */
const paritySchema = z.object({ equal: z.number().min(0).max(1).nullable(), why: z.string() });
/** A model that was verified on the probe picture. */
const modelParitySchema = z.object({
  /** Of the studio that did it: another one may make another form. */
  version: z.string(),
  /** The form that runs on WebAssembly, against the model's own graph in onnxruntime. */
  optimised: paritySchema,
  /** The form that runs on WebGPU, against the same. */
  webgpu: paritySchema,
});
export type ModelParity = z.infer<typeof modelParitySchema>;

export const settingsSchema = z.looseObject({
  version: z.literal(1).default(1),
  theme: z.enum(['dark', 'light', 'system']).default('dark'),
  backend: z.enum(['auto', 'wasm', 'webgpu']).default('auto'),
  libraryWidth: z.number().min(0).max(800).default(216),
  inspectorWidth: z.number().min(0).max(800).default(264),
  overlayOpacity: z.number().min(0).max(1).default(0.55),
  /** Diameter or side, image pixels. */
  brushSize: z.number().int().min(1).max(512).default(24),
  brushShape: z.enum(['round', 'square']).default('round'),
  tools: toolSettingsSchema.prefault({}),
  /** The teacher's and the student's small pictures in Annotate. */
  insetsOpen: z.boolean().default(true),
  insetsPinned: z.boolean().default(true),
  /** Pixels: disputed regions that are smaller are folded into their neighbours. */
  smallestDispute: z.number().int().min(1).max(100_000).default(DEFAULT_SMALLEST_DISPUTE),
  teacherId: z.string().nullable().default(null),
  studentId: z.string().nullable().default(null),
  /** Models run in the optimised form that the studio makes of them; off: as their files are. */
  optimiseModels: z.boolean().default(true),
  /** Address of a mirror of the Hugging Face Hub; '' for the Hub itself. The variable HF_ENDPOINT goes before it. */
  hubEndpoint: z.string().default(''),
  /** A model that gives no answer for so long is stopped. */
  runLimitSeconds: z.number().int().min(5).max(3600).default(300),
  hintsFollowed: z.array(z.string()).default([]),
  /** How each model is run, by its id; one that is not named runs as its file says. */
  modelSettings: z.record(z.string(), runSettingsSchema).default({}),
  /** What classes of a model are in projects that call them otherwise, by the SHA-256 of its file: name to name, or `ignore`. */
  classChoices: z.record(z.string(), z.record(z.string(), z.string())).default({}),
  /** What WebGPU said against WASM, by model and driver: `<sha256> <adapter>`. */
  gpuParity: z.record(z.string(), z.object({ equal: z.number().min(0).max(1), on: z.string() })).default({}),
  /** What a model's forms said of the probe picture against its own graph, by its sha256. */
  modelParity: z.record(z.string(), modelParitySchema).default({}),
  /** Keys that the user gave to actions, by the action's id; an action that is not named keeps its own. */
  hotkeys: z.record(z.string(), z.array(hotkeySchema)).default({}),
  /** A pen's pressure changes the brush size. */
  tabletPressure: z.boolean().default(true),
  /** Colours on screen: the class table's own, or ones that colour-blind eyes can tell apart. */
  palette: z.enum(['classes', 'safe']).default('classes'),
  /** Class ids that may not be painted over, and those that alone may be, by project; the latest project is last. */
  protectedClasses: z
    .record(z.string(), z.object({ locked: z.array(classIdNumber), over: z.array(classIdNumber) }))
    .default({}),
  /** How Compare was left. */
  compareLayout: z.enum(['side', 'swipe', 'difference']).default('side'),
  layers: z.enum(['image', 'mask', 'overlay', 'outline']).default('overlay'),
  swipe: z.number().min(0).max(1).default(0.5),
});
export type Settings = z.infer<typeof settingsSchema>;
