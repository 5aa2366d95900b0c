import { MicroYoloError } from '../errors.ts';

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

const REMARKS: ReadonlySet<string> = new Set<DatasetRemarkKind>([
  ...(['stray-labels', 'unlabeled-images', 'unannotated-images', 'shared-labels', 'unnamed-class'] as const),
  ...(['outlines', 'short-outlines', 'extra-numbers', 'cut-boxes'] as const),
]);

export type DatasetProblemKind =
  /** An image's record cannot be used: no file name, no size, not JSON. */
  | 'bad-image-record'
  /** An image's file lies outside the folder of images. */
  | 'unsafe-path'
  /** A category without a whole-number id or a name. */
  | 'bad-category'
  /** An image, category or annotation with an id that another one has. */
  | 'duplicate-id'
  /** An annotation of an image that the data set does not list. */
  | 'missing-image-record'
  /** An annotation of a class that the data set does not list. */
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
  readonly kind: DatasetProblemKind;
  /** Where, for people: `val.json: annotations[812]`, `labels/dog.txt:3`. */
  readonly place: string;
  /** The value found, and what was expected. */
  readonly message: string;
  /** How many images, files, lines or boxes have it. @default 1 */
  readonly count?: number;
}

/** Whether a problem is said once of a whole data set, and leaves out nothing. */
export function isRemark({ kind }: { readonly kind: string }): boolean {
  return REMARKS.has(kind);
}

/** Whether something is left out because of a problem. */
export function losesData(problem: { readonly kind: string }): boolean {
  return problem.kind !== 'empty-box' && !isRemark(problem);
}

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

/**
 * What readers do with a problem: hand it to the listener, and leave out what has it, or throw where nobody
 * listens. What leaves nothing out never throws.
 */
export function problemHandler(onProblem: OnProblem | undefined): OnProblem {
  if (onProblem) return onProblem;
  return (problem) => {
    if (losesData(problem)) throw problemError(problem);
  };
}

/** A value from outside for a message, shortened. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
