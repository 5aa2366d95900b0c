import { MicroYoloError } from '../foundation/errors/errors.ts';

/** What is said of a whole data set, once: nothing is left out because of it, or never was part of it. */
export type DatasetRemarkKind =
  /** Label files of images that are not there. */
  | 'stray-labels'
  /** Images without a file of labels, which count as images with nothing in them. */
  | 'unlabeled-images'
  /** Images without a file of annotations, which are not part of the data. */
  | 'unannotated-images'
  /** One file of labels for several images, which differ by their ending. */
  | 'shared-labels'
  /** Boxes of a class that has a number and no name. */
  | 'unnamed-class'
  /** Lines with an outline, of which the box around it is used. */
  | 'outlines'
  /** Lines read as an outline of three points that may be a box, a confidence and a track id. */
  | 'short-outlines'
  /** Lines with a sixth number, which looks like a confidence. */
  | 'extra-numbers'
  /** Boxes a little outside their images, cut at the edge. */
  | 'cut-boxes';

/** Kinds of problems. */
export type DatasetProblemKind =
  /** An image's record cannot be used: no file name, no size, not JSON. */
  | 'bad-image-record'
  /** An image's file lies outside the folder of images. */
  | 'unsafe-path'
  /** A category without a whole-number id or a name. */
  | 'bad-category'
  /** Images of one id that are not the same: left out with their boxes, which may be of either. */
  | 'duplicate-id'
  /** Categories of one id and different names: left out with their boxes, which may be of either. */
  | 'ambiguous-category'
  /** An image or category whose record is there twice: read once. */
  | 'repeated-record'
  /** Images or categories with ids of text: numbered. */
  | 'text-id'
  /** Annotation ids that repeat, are missing or are no whole numbers: numbered anew. */
  | 'annotation-id'
  /** An annotation of id 0, which COCO's evaluation never counts as found. */
  | 'zero-annotation-id'
  /** Numbers that are written as text, read as numbers. */
  | 'number-as-text'
  /** NaN or Infinity in fields that are not read. */
  | 'not-a-number'
  /** An area that cannot be one: the box's is taken. */
  | 'bad-area'
  /** Boxes taken from outlines. */
  | 'box-from-outline'
  /** Images whose size is that of their file. */
  | 'size-from-image'
  /** An annotation of an image that the data set does not list, or that is left out. */
  | 'missing-image-record'
  /** An annotation of a class that the data set does not list, or that is left out. */
  | 'unknown-category'
  /** An annotation that cannot be used, for other reasons than its box. */
  | 'bad-annotation'
  /** Not four finite numbers, of negative size, or out of the format's range. */
  | 'bad-box'
  /** A box without area, or a click instead of a box: kept, because COCO's own training set has one. */
  | 'empty-box'
  /** A file of annotations that is missing or cannot be parsed. */
  | 'bad-annotation-file'
  | 'missing-image-file'
  /** An image file that cannot be decoded. */
  | 'bad-image-file'
  | DatasetRemarkKind;

/** Something in a data set that is not as it should be. */
export interface DatasetProblem {
  /** What is wrong, for programs. */
  readonly kind: DatasetProblemKind;
  /** Where, for people: `val.json: annotations[812]`, `labels/dog.txt:3`. */
  readonly place: string;
  /** The value found, and what was expected. */
  readonly message: string;
  /** How many images, files, lines or boxes have it. @default 1 */
  readonly count?: number;
}

/** Called for each problem. */
export type OnProblem = (problem: DatasetProblem) => void;

/** A message `PLACE: WHAT IS WRONG` in its two parts. */
export function placed(message: string): Pick<DatasetProblem, 'place' | 'message'> {
  const colon = message.indexOf(': ');
  return { place: message.slice(0, colon), message: message.slice(colon + 2) };
}

/** The problem as an error; its remedy is the command that lists all of them. */
export function problemError({ place, message }: DatasetProblem): MicroYoloError {
  return new MicroYoloError('invalid-file', `${place}: ${message}; run "micro-yolo dataset check"`);
}

const KEPT: ReadonlySet<DatasetProblemKind> = new Set<DatasetProblemKind>([
  'empty-box',
  'repeated-record',
  'text-id',
  'annotation-id',
  'zero-annotation-id',
  'number-as-text',
  'not-a-number',
  'bad-area',
  'box-from-outline',
  'size-from-image',
  'stray-labels',
  'unlabeled-images',
  'unannotated-images',
  'shared-labels',
  'unnamed-class',
  'outlines',
  'short-outlines',
  'extra-numbers',
  'cut-boxes',
]);

/** Whether nothing is left out for a problem of this kind. */
export const isKept = (kind: DatasetProblemKind): boolean => KEPT.has(kind);

/**
 * What readers do with a problem: hand it to the listener, and leave out what has it, or throw if nobody
 * listens. What leaves nothing out never throws, but for areas, which measurements go by.
 */
export function problemHandler(onProblem: OnProblem | undefined): OnProblem {
  if (onProblem) return onProblem;
  return (problem) => {
    if (!isKept(problem.kind) || problem.kind === 'bad-area') throw problemError(problem);
  };
}

/** Numbers that JSON has no word for, as people write them. */
function shownJson(value: unknown): string {
  const named = (_: string, part: unknown) =>
    typeof part === 'number' && !Number.isFinite(part) ? `\0${part}\0` : part;
  return JSON.stringify(value, named).replaceAll(/"\\u0000(-?\w+)\\u0000"/g, '$1');
}

/** A value from outside for a message, shortened. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'missing' : shownJson(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
