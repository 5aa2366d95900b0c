import { MicroYoloError } from '../foundation/errors/errors.ts';
import { type Many, StartedAhead } from '../foundation/started-ahead.ts';
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

/** Larger ones are not kept until they are drawn, but decoded again then. In pixels. */
const KEPT_PIXELS = 2_000_000;

function withoutLargePixels(prepared: PreparedImage): PreparedImage {
  const { decoded, ...rest } = prepared;
  return decoded && decoded.width * decoded.height > KEPT_PIXELS ? rest : prepared;
}

/**
 * Prepares sources, in order, a few at a time: the next ones while those before are used. They come in groups of those that
 * are ready together and have inputs of one size; nobody waits for a group to fill.
 * @param largest how many a group has at most
 */
export async function* prepareAhead<S extends ImageSource>(
  sources: Many<S>,
  prepare: (source: S) => Promise<PreparedImage>,
  largest = 1,
): AsyncGenerator<readonly PreparedSource<S>[]> {
  const start = async (source: S): Promise<PreparedSource<S>> => {
    const started = performance.now();
    try {
      const prepared = withoutLargePixels(await prepare(source));
      return { source, prepared, decode: performance.now() - started };
    } catch (error) {
      if (error instanceof MicroYoloError) return { source, error };
      throw error;
    }
  };
  const ahead = new StartedAhead(sources, start);
  try {
    for (let first = await ahead.peek(); first; first = await ahead.peek()) {
      const group = [first.result];
      ahead.take();
      while (group.length < largest && ahead.isReady) {
        const { result } = (await ahead.peek())!;
        if (!haveOneInput(group[0]!, result)) break;
        group.push(result);
        ahead.take();
      }
      yield group;
    }
  } finally {
    await ahead.leave();
  }
}

/** As `prepareAhead`, one after the other. */
export async function* prepareEach<S extends ImageSource>(
  sources: Many<S>,
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
