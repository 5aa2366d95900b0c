/**
 * Reads a source as fast as it delivers, and yields only the latest value. Older values are dropped. This suits sources
 * that do not wait, such as cameras.
 */
export async function* latestOf<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  let latest: { readonly value: T } | undefined;
  let end: { readonly error?: unknown } | undefined;
  let changed: () => void = () => {};
  const iterator = source[Symbol.asyncIterator]();
  let isLeft = false;
  const reading = (async () => {
    try {
      for (let next = await iterator.next(); !next.done && !isLeft; next = await iterator.next()) {
        latest = { value: next.value };
        changed();
      }
      end = {};
    } catch (error) {
      end = { error };
    }
    changed();
  })();
  try {
    for (;;) {
      if (latest) {
        const { value } = latest;
        latest = undefined;
        yield value;
      } else if (end) {
        if ('error' in end) throw end.error;
        return;
      } else {
        await new Promise<void>((resolve) => {
          changed = resolve;
        });
      }
    }
  } finally {
    isLeft = true;
    await iterator.return?.(undefined);
    await reading;
  }
}
