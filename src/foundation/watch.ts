import { checkAborted } from './abort.ts';
import { checkOptions } from './errors/check-options.ts';

/** Options to follow long work and to cancel it. */
export interface Watch<Event> {
  /**
   * Cancels the work: the call throws `interrupted`. A training saves a checkpoint and returns its results so far.
   */
  readonly signal?: AbortSignal | undefined;
  /** Called with each progress event. */
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
