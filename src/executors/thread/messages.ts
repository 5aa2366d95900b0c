import type { PlainError } from '../../foundation/errors/plain-error.ts';

/** A message to or from a worker thread. */
export interface Message {
  readonly type: string;
}

/** The answer to a failed request. */
export interface Failed extends Message {
  readonly type: 'failed';
  readonly error: PlainError;
}
