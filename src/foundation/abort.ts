import { MicroYoloError } from './errors/errors.ts';

/** @throws MicroYoloError `interrupted` if the work is to stop; its cause is the signal's reason */
export function checkAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new MicroYoloError('interrupted', 'the work was aborted', { cause: signal.reason });
}

/** Whether an error says that work was aborted. */
export function isInterruption(error: unknown): boolean {
  return error instanceof MicroYoloError && error.code === 'interrupted';
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

/**
 * What a source gives, one after the other, until the signal aborts. Does not wait then for a source that is waiting itself: it
 * might never come back.
 * @throws MicroYoloError `interrupted` as soon as it aborts
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
