import { MicroYoloError } from './errors/errors.ts';

/** @throws MicroYoloError `interrupted` if the work is to stop; its cause is the signal's reason */
export function checkAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new MicroYoloError('interrupted', 'the work was aborted', { cause: signal.reason });
}

/**
 * What a promise resolves to, unless the signal aborts first.
 * @throws MicroYoloError `interrupted` as soon as it does
 */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  checkAborted(signal);
  if (!signal) return promise;
  let stop = () => {};
  const aborted = new Promise<void>((resolve) => {
    stop = resolve;
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return (await Promise.race([promise, aborted.then(() => checkAborted(signal))])) as T;
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}
