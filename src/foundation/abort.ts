import { MicroYoloError, printableValue } from './errors/errors.ts';

/** @throws MicroYoloError `invalid-argument` if a value is not a signal */
function checkSignal(signal: AbortSignal | undefined): void {
  if (signal === undefined || signal instanceof AbortSignal) return;
  throw new MicroYoloError(
    'invalid-argument',
    `signal ${printableValue(signal)}: expected an AbortSignal; pass the signal of an AbortController`,
    { field: 'signal', received: signal },
  );
}

/**
 * @throws MicroYoloError `interrupted` if the signal is aborted, with the signal's reason as its cause;
 *   `invalid-argument` if it is not a signal
 */
export function checkAborted(signal: AbortSignal | undefined): void {
  checkSignal(signal);
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

/**
 * Yields the items of a source until the signal aborts, and then ends without an error.
 */
export async function* untilStopped<T>(
  source: Iterable<T> | AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  try {
    yield* untilAborted(source, signal);
  } catch (error) {
    if (!signal?.aborted || !isInterruption(error)) throw error;
  }
}

/** A signal that aborts when one of the others does. Undefined if there are none. */
export function anySignal(...signals: readonly (AbortSignal | undefined)[]): AbortSignal | undefined {
  signals.forEach(checkSignal);
  const given = signals.filter((signal) => signal !== undefined);
  return given.length > 1 ? AbortSignal.any(given) : given[0];
}

/**
 * Creates an async generator whose `return` interrupts it at once, even while it waits for an item that might never
 * come. A generator's own `return` waits for that item.
 * @param create creates the generator, which must throw when its signal aborts
 * @param signal also aborts the generator
 */
export function interruptedByReturn<T>(
  create: (signal: AbortSignal) => AsyncGenerator<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  const left = new AbortController();
  const items = create(anySignal(signal, left.signal)!);
  const close = items.return.bind(items);
  items.return = (value) => {
    left.abort();
    return close(value);
  };
  return items;
}
