import type { MicroYoloError } from './errors/errors.ts';

/** Long work begins. */
export interface StartedEvent {
  readonly type: 'started';
  /** How many items there are: images, rounds, candidates. */
  readonly total: number;
}

/** One more item is done. */
export interface ItemEvent {
  readonly type: 'item';
}

/** An image could not be used; the others continue. */
export interface SkippedEvent {
  readonly type: 'skipped';
  /** Its path, address or name. */
  readonly image: string;
  /** Why. */
  readonly error: MicroYoloError;
}

/** Something to know; nothing ends because of it. */
export interface NoteEvent {
  readonly type: 'note';
  /** In one line. */
  readonly message: string;
}
