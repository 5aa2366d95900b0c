import { MicroYoloError, printable, withoutName } from '../foundation/errors/errors.ts';

/** Remarks about a whole data set, reported once. Nothing is skipped because of them. */
export type DatasetRemarkKind =
  /** Label files without an image. */
  | 'stray-labels'
  /** Images without a label file. They count as images without objects. */
  | 'unlabeled-images'
  /** Images without an annotation file. They are not part of the data. */
  | 'unannotated-images'
  /** One label file for several images with different extensions. */
  | 'shared-labels'
  /** Boxes of a class that has a number but no name. */
  | 'unnamed-class'
  /** Lines with an outline. Its bounding box is used. */
  | 'outlines'
  /** Lines read as an outline of three points, which may be a box, a confidence and a track id. */
  | 'short-outlines'
  /** Lines with a sixth number, which looks like a confidence. */
  | 'extra-numbers'
  /** Boxes slightly outside their images, clipped at the edge. */
  | 'cut-boxes';

/** Kinds of problems in a data set. */
export type DatasetProblemKind =
  /** An image record that cannot be used: no file name, no size, or not JSON. */
  | 'bad-image-record'
  /** An image file outside the image folder. */
  | 'unsafe-path'
  /** A category without a whole-number id or a name. */
  | 'bad-category'
  /** Different images that share an id. They are skipped with their boxes, which could belong to either. */
  | 'duplicate-id'
  /**
   * Categories that share an id but have different names. They are skipped with their boxes, which could belong to
   * either.
   */
  | 'ambiguous-category'
  /** An image or category whose record occurs twice. It is read once. */
  | 'repeated-record'
  /** Images or categories with text ids. They get numbers. */
  | 'text-id'
  /** Annotation ids that repeat, are missing or are not whole numbers. All annotations get new numbers. */
  | 'annotation-id'
  /** An annotation with id 0, which COCO's evaluation never counts as found. */
  | 'zero-annotation-id'
  /** Numbers written as text. They are read as numbers. */
  | 'number-as-text'
  /** NaN or Infinity in ignored fields. */
  | 'not-a-number'
  /** An invalid area. The box's area is used. */
  | 'bad-area'
  /** Boxes computed from outlines. */
  | 'box-from-outline'
  /** Images whose size is read from their file. */
  | 'size-from-image'
  /** An annotation of an image that is not in the data set, or that is skipped. */
  | 'missing-image-record'
  /** An annotation of a class that is not in the data set, or that is skipped. */
  | 'unknown-category'
  /** An annotation that cannot be used, for reasons other than its box. */
  | 'bad-annotation'
  /** A box that is not four finite numbers, has a negative size, or is out of the format's range. */
  | 'bad-box'
  /** A box without area, or a click instead of a box. It is kept, because COCO's own training set has one. */
  | 'empty-box'
  /** An annotation file that is missing or cannot be parsed. */
  | 'bad-annotation-file'
  | 'missing-image-file'
  /** An image file that cannot be decoded. */
  | 'bad-image-file'
  | DatasetRemarkKind;

/** A problem in a data set. */
export interface DatasetProblem {
  /** Kind of the problem, for programs. */
  readonly kind: DatasetProblemKind;
  /** Place, for people: `val.json: annotations[812]`, `labels/dog.txt:3`. */
  readonly place: string;
  /** The value found, and the expectation. */
  readonly message: string;
  /** Number of images, files, lines or boxes with the problem. @default 1 */
  readonly count?: number;
}

/** Called for each problem. */
export type OnProblem = (problem: DatasetProblem) => void;

/** Splits an error about a file into its place, which is the path, and its message. */
export function placed({ path = '', message }: MicroYoloError): Pick<DatasetProblem, 'place' | 'message'> {
  const place = printable(path);
  return { place, message: withoutName(message, place) };
}

/** Converts a problem to an error. The remedy is the command that lists all problems. */
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

/** Whether records with this kind of problem are kept. */
export const isKept = (kind: DatasetProblemKind): boolean => KEPT.has(kind);

/**
 * Returns the handler for a reader's problems. With a listener, it calls the listener, and the reader then skips the
 * record. Without one, it throws. Problems whose records are kept never throw, except for invalid areas, which affect
 * the evaluation.
 */
export function problemHandler(onProblem: OnProblem | undefined): OnProblem {
  if (onProblem) return onProblem;
  return (problem) => {
    if (!isKept(problem.kind) || problem.kind === 'bad-area') throw problemError(problem);
  };
}

/** Formats a value as JSON, but writes NaN and Infinity as such instead of `null`. */
function shownJson(value: unknown): string {
  const named = (_: string, part: unknown) =>
    typeof part === 'number' && !Number.isFinite(part) ? `\0${part}\0` : part;
  return JSON.stringify(value, named).replaceAll(/"\\u0000(-?\w+)\\u0000"/g, '$1');
}

/** Formats an external value for a message, shortened to 80 characters. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'missing' : shownJson(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
