import type { ClassEntry, ClassTable } from '../labels/classTable.ts';
import type { ClassMap } from '../mask/classMap.ts';
import type { Problem } from '../problem.ts';

/** What the command line calls the formats. */
export const FORMAT_IDS = [
  'png',
  'ade20k',
  'cityscapes',
  'voc',
  'coco-stuff',
  'coco-panoptic',
  'labelme',
  'cvat',
  'cvat-xml',
  'label-studio',
  'mmseg',
  'imagefolder',
  'retrain',
] as const;
export type FormatId = (typeof FORMAT_IDS)[number];

/** The files that may hold masks: those of a folder, or one file alone. */
export interface FormatFiles {
  /** Paths below the folder, with forward slashes, sorted. */
  readonly names: readonly string[];
  /** The whole content of one of them. */
  read(name: string): Promise<Uint8Array>;
}

/** How often a mask holds something that its format does not declare: `value 37`, `#a0b0c0`. */
export interface UnknownValue {
  readonly value: string;
  readonly pixels: number;
}

/** A mask in the classes of its set; undeclared and unlabelled pixels are the ignore index of those. */
export interface ReadMask {
  readonly classMap: ClassMap;
  readonly unknown: readonly UnknownValue[];
}

/** One mask of a set, read when it is asked for. */
export interface MaskEntry {
  /** What messages name: a file, or an image of an annotation file. */
  readonly subject: string;
  /** The file whose name an export's manifest knows it by. */
  readonly file: string;
  /** Its image's path as the format says it, with or without ending. */
  readonly image: string;
  /** Throws ProblemError for a file that cannot be used. */
  read(): Promise<ReadMask>;
}

/** All masks of a folder or file. */
export interface MaskSet {
  /** The classes that the masks are in, with the names that their format declares. */
  readonly classTable: ClassTable;
  /** False: nothing names the classes; they are called `value 3`. */
  readonly named: boolean;
  readonly entries: readonly MaskEntry[];
  readonly problems: readonly Problem[];
  /** What looks wrong once all masks were counted; `pixels` by class name, `ignore` for what no class has. */
  suspect?(pixels: ReadonlyMap<string, number>): Problem[];
}

export type Split = 'train' | 'val';

export interface PlannedImage {
  /** Path below the image folder. */
  readonly name: string;
  /** The same without ending, unique among all: `bonn/1`. */
  readonly stem: string;
  /** The same without folders, unique among all: `bonn_1`. */
  readonly flat: string;
  /** Of the copy of the image: `.jpg`. */
  readonly ending: string;
  readonly split: Split;
}

export interface WritePlan {
  /** The classes of the masks that are added. */
  readonly classTable: ClassTable;
  readonly images: readonly PlannedImage[];
  readonly projectName: string;
  /** Of the student that the masks are to train, where it is known. */
  readonly keepRatio?: number | null;
  /** A file of the export that is to be replaced, or null. */
  readonly earlier?: (path: string) => Promise<string | null>;
}

export type FileContent = string | Uint8Array;

/** A file, or a piece that is added to the end of one. Contents are made when they are asked for. */
export type OutputFile =
  | { readonly path: string; readonly content: () => FileContent | Promise<FileContent> }
  | { readonly path: string; readonly append: string };

export interface MaskPlace {
  /** Where the mask goes: its own file, or the one that it is a part of. */
  readonly mask: string;
  /** Where the copy of its image goes; null where the format needs none. */
  readonly image: string | null;
}

/** Writes the masks of a plan one after the other: nothing but lists of names is kept in memory. */
export interface MaskWriter {
  place(index: number): MaskPlace;
  /**
   * The files of the mask of `plan.images[index]`. Called in order; images without a mask are left out. `weights`: see
   * trainingWeights.ts; for formats that weigh.
   */
  add(index: number, classMap: ClassMap, weights?: Uint8Array): readonly OutputFile[];
  /** What is about all of them. */
  finish(): readonly OutputFile[];
}

/** An on-disk format. One file each, behind `formatRegistry.ts`. */
export interface MaskFormat {
  readonly id: FormatId;
  readonly title: string;
  /** What it writes, in a line. */
  readonly layout: string;
  /** What of a mask survives writing and reading: all, as every format's writer promises. */
  readonly fidelity: string;
  /** Whether images are copied beside the masks: as they are, or as PNG. */
  readonly images: 'none' | 'as they are' | 'as PNG';
  /** The classes that it has, where it has no others. */
  readonly fixedClasses?: ClassTable;
  /** True: the export knows a training part and a validation part. */
  readonly splits: boolean;
  /** True: it says of each pixel how much it counts, and open disputes are ignored. */
  readonly weighs?: boolean;
  /** What speaks for this format, in words, or null. */
  recognise(files: FormatFiles): Promise<string | null>;
  /** Throws ProblemError where the files that name classes or images cannot be used. */
  open(files: FormatFiles): Promise<MaskSet>;
  /** Throws ProblemError `format.classes` where it cannot hold these classes. */
  createWriter(plan: WritePlan): MaskWriter;
}

export type NamedEntry = Pick<ClassEntry, 'name' | 'colour'>;
