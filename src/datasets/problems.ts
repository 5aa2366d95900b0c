import { MicroYoloError } from '../errors.ts';

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
  | 'bad-image-file';

/** Something in a data set that is not as it should be. */
export interface DatasetProblem {
  readonly kind: DatasetProblemKind;
  /** Where, for people: `val.json: annotations[812]`, `labels/dog.txt:3`. */
  readonly place: string;
  /** The value found, and what was expected. */
  readonly message: string;
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
 * listens. Empty boxes never throw.
 */
export function problemHandler(onProblem: OnProblem | undefined): OnProblem {
  if (onProblem) return onProblem;
  return (problem) => {
    if (problem.kind !== 'empty-box') throw problemError(problem);
  };
}

/** A value from outside for a message, shortened. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
