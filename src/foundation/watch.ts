import { checkAborted } from './abort.ts';
import { checkOptions } from './errors/check-options.ts';

/** How to follow long work, and to end it. */
export interface Watch<Event> {
  /** Ends the work early: it throws `interrupted`. A training saves a checkpoint and returns what it has. */
  readonly signal?: AbortSignal | undefined;
  /** Hears how far the work is. */
  readonly onEvent?: ((event: Event) => void) | undefined;
}

/**
 * Hands events on, and ends the work at the next one after the signal has aborted.
 * @throws MicroYoloError `invalid-argument` if `watch` is something else, such as a function
 */
export function watching<Event>(watch: Watch<Event>): (event: Event) => void {
  checkOptions('watch', watch, { signal: 'object', onEvent: 'function' });
  const { signal, onEvent } = watch;
  return (event) => {
    checkAborted(signal);
    onEvent?.(event);
  };
}
