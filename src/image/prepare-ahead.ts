import { MicroYoloError, printableValue } from '../foundation/errors/errors.ts';
import { StartedAhead } from '../foundation/started-ahead.ts';
import type { PreparedImage } from './prepare.ts';
import type { ImageSource } from './sources.ts';

/** A source prepared for the network, or the error if it cannot be used. */
export type PreparedSource<S extends ImageSource> =
  | {
      readonly source: S;
      readonly prepared: PreparedImage;
      /** Preparation time, in milliseconds. */
      readonly decode: number;
      readonly error?: undefined;
    }
  | { readonly source: S; readonly prepared?: undefined; readonly error: MicroYoloError };

/** Many sources: a list, or an iterable that yields them. */
export type ImageSources<S extends ImageSource> = Iterable<S> | AsyncIterable<S>;

/** @throws MicroYoloError `invalid-argument` if `sources` is not iterable */
export function checkSources<S extends ImageSource>(sources: ImageSources<S>): void {
  const isObject = typeof sources === 'object' && sources !== null;
  if (isObject && (Symbol.asyncIterator in sources || Symbol.iterator in sources)) return;
  throw new MicroYoloError(
    'invalid-argument',
    `sources ${printableValue(sources)}: expected a list of images, or an iterable of them`,
    { field: 'sources', received: sources },
  );
}

/** How far ahead sources are prepared. */
export interface AheadOptions {
  /** Maximum number of sources in a group. @default 1 */
  readonly batch?: number | undefined;
  /** Number of sources that are prepared ahead. @default for a list, enough for all cores; for a stream, `batch` */
  readonly ahead?: number | undefined;
  /** Aborts the work, which then throws `interrupted`. */
  readonly signal?: AbortSignal | undefined;
}

/** Larger decoded images, in pixels, are not kept. If they are drawn, they are decoded again. */
const KEPT_PIXELS = 2_000_000;

function withoutLargePixels(prepared: PreparedImage): PreparedImage {
  const { decoded, ...rest } = prepared;
  return decoded && decoded.width * decoded.height > KEPT_PIXELS ? rest : prepared;
}

/**
 * Prepares sources in order, a few at a time: the next ones are prepared while the previous ones are used. A group
 * contains sources that are ready together and have the same input size. Nothing waits for a group to fill. A stream is
 * read at most one group ahead, so that a camera's frames stay recent.
 * @throws MicroYoloError `interrupted` if the signal aborts
 */
export async function* prepareAhead<S extends ImageSource>(
  sources: ImageSources<S>,
  prepare: (source: S) => Promise<PreparedImage>,
  { batch = 1, ahead, signal }: AheadOptions = {},
): AsyncGenerator<readonly PreparedSource<S>[]> {
  checkSources(sources);
  const start = async (source: S): Promise<PreparedSource<S>> => {
    const started = performance.now();
    try {
      const prepared = withoutLargePixels(await prepare(source));
      return { source, prepared, decode: performance.now() - started };
    } catch (error) {
      if (error instanceof MicroYoloError && error.code !== 'disposed') return { source, error };
      throw error;
    }
  };
  const most = ahead ?? (Symbol.asyncIterator in sources ? batch : undefined);
  const started = new StartedAhead(sources, start, { most, signal });
  try {
    for (let first = await started.peek(); first; first = await started.peek()) {
      const group = [first.result];
      started.take();
      while (group.length < batch && started.isReady) {
        const { result } = (await started.peek())!;
        if (!haveOneInput(group[0]!, result)) break;
        group.push(result);
        started.take();
      }
      yield group;
    }
  } finally {
    await started.leave();
  }
}

/** Like `prepareAhead`, but yields one source at a time. */
export async function* prepareEach<S extends ImageSource>(
  sources: ImageSources<S>,
  prepare: (source: S) => Promise<PreparedImage>,
): AsyncGenerator<PreparedSource<S>> {
  for await (const group of prepareAhead(sources, prepare)) yield* group;
}

function haveOneInput<S extends ImageSource>(a: PreparedSource<S>, b: PreparedSource<S>): boolean {
  if (!a.prepared || !b.prepared) return false;
  return (
    a.prepared.input.width === b.prepared.input.width && a.prepared.input.height === b.prepared.input.height
  );
}
