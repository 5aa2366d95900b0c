import type { PlainError } from '../../foundation/errors/plain-error.ts';

/** What goes to a worker thread and comes from it. */
export interface Message {
  readonly type: string;
}

/** The answer to a request that fails. */
export interface Failed extends Message {
  readonly type: 'failed';
  readonly error: PlainError;
}
