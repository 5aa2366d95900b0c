import { unlessAborted } from '../foundation/abort.ts';
import { MicroYoloError, printableValue } from '../foundation/errors/errors.ts';
import type { PreparedImage } from './prepare.ts';
import type { ImageSource } from './sources.ts';

/** A source made ready for the network, or why it cannot be. */
export type PreparedSource<S extends ImageSource> =
  | {
      readonly source: S;
      readonly prepared: PreparedImage;
      /** Milliseconds that it took. */
      readonly decode: number;
      readonly error?: undefined;
    }
  | { readonly source: S; readonly prepared?: undefined; readonly error: MicroYoloError };

/** Many sources: a list, or whatever yields them as they come. */
export type ImageSources<S extends ImageSource> = Iterable<S> | AsyncIterable<S>;

function iterate<S extends ImageSource>(sources: ImageSources<S>): Iterator<S> | AsyncIterator<S> {
  if (typeof sources === 'object' && sources !== null) {
    if (Symbol.asyncIterator in sources) return sources[Symbol.asyncIterator]();
    if (Symbol.iterator in sources) return sources[Symbol.iterator]();
  }
  throw new MicroYoloError(
    'invalid-argument',
    `sources ${printableValue(sources)}: expected a list of images, or an iterable of them`,
    { field: 'sources', received: sources },
  );
}

/**
 * Prepares one source after the other, in order; the next while the one before is used. It asks for a source only then, so
 * that a stream of many is never ahead of the network by more than one.
 * @throws MicroYoloError `interrupted` if the signal aborts
 */
export async function* prepareAhead<S extends ImageSource>(
  sources: ImageSources<S>,
  prepare: (source: S) => Promise<PreparedImage>,
  signal?: AbortSignal,
): AsyncGenerator<PreparedSource<S>> {
  const start = async (source: S): Promise<PreparedSource<S>> => {
    const started = performance.now();
    try {
      return { source, prepared: await prepare(source), decode: performance.now() - started };
    } catch (error) {
      if (error instanceof MicroYoloError && error.code !== 'disposed') return { source, error };
      throw error;
    }
  };
  const iterator = iterate(sources);
  const take = async () => {
    const { done, value } = await iterator.next();
    return done ? undefined : start(value);
  };
  try {
    let next = take();
    for (;;) {
      const ready = await unlessAborted(next, signal);
      if (ready === undefined) return;
      next = take();
      // Awaited one turn later: until then nobody else would take an error of it.
      next.catch(() => {});
      yield ready;
    }
  } finally {
    // Not awaited: a source that waits for its next image would never come back.
    void Promise.resolve(iterator.return?.()).catch(() => {});
  }
}
