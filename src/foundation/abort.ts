import { MicroYoloError } from './errors/errors.ts';

/** @throws MicroYoloError `interrupted` if the signal is aborted. The error's cause is the signal's reason */
export function checkAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new MicroYoloError('interrupted', 'the work was aborted', { cause: signal.reason });
}

/** Whether an error has the code `interrupted`. */
export function isInterruption(error: unknown): boolean {
  return error instanceof MicroYoloError && error.code === 'interrupted';
}

/**
 * Waits for a promise, unless the signal aborts first.
 * @throws MicroYoloError `interrupted` as soon as the signal aborts
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

/**
 * Yields the items of a source until the signal aborts. Then it does not wait for an item that the source still owes,
 * because that item might never come.
 * @throws MicroYoloError `interrupted` as soon as the signal aborts
 */
export async function* untilAborted<T>(
  source: Iterable<T> | AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  const iterator: Iterator<T> | AsyncIterator<T> =
    Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  let isAsking = false;
  try {
    for (;;) {
      isAsking = true;
      const next = await unlessAborted(Promise.resolve(iterator.next()), signal);
      isAsking = false;
      if (next.done) return;
      yield next.value;
    }
  } finally {
    const closed = Promise.resolve(iterator.return?.());
    if (isAsking) closed.catch(() => {});
    else await closed;
  }
}
