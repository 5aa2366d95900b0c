import type { MicroYoloError } from './errors/errors.ts';

/** A long task starts. */
export interface StartedEvent {
  readonly type: 'started';
  /** Number of items, such as images, rounds or candidates. */
  readonly total: number;
}

/** An item is done. */
export interface ItemEvent {
  readonly type: 'item';
}

/** An image could not be used; the others continue. */
export interface SkippedEvent {
  readonly type: 'skipped';
  /** Path, address or name of the image. */
  readonly image: string;
  /** Why it could not be used. */
  readonly error: MicroYoloError;
}

/** A note. The task continues. */
export interface NoteEvent {
  readonly type: 'note';
  /** One line of text. */
  readonly message: string;
}
