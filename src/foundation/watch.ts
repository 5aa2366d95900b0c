import { checkAborted } from './abort.ts';
import { checkOptions } from './errors/check-options.ts';

/** Options to follow a long task and to cancel it. */
export interface Watch<Event> {
  /**
   * Cancels the task: the call throws `interrupted`. Training instead saves a checkpoint and returns its results.
   */
  readonly signal?: AbortSignal | undefined;
  /** Called with each progress event. */
  readonly onEvent?: ((event: Event) => void) | undefined;
}

/**
 * Returns a function that passes events to `onEvent`. After the signal aborts, the function throws `interrupted`.
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
