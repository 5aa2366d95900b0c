import { MicroYoloError } from '../foundation/errors/errors.ts';
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

/** Prepares one source after the other, in order; the next while the one before is used. */
export async function* prepareAhead<S extends ImageSource>(
  sources: readonly S[],
  prepare: (source: S) => Promise<PreparedImage>,
): AsyncGenerator<PreparedSource<S>> {
  const start = async (source: S): Promise<PreparedSource<S>> => {
    const started = performance.now();
    try {
      return { source, prepared: await prepare(source), decode: performance.now() - started };
    } catch (error) {
      if (error instanceof MicroYoloError) return { source, error };
      throw error;
    }
  };
  let next = sources[0] === undefined ? undefined : start(sources[0]);
  for (const index of sources.keys()) {
    const ready = await next!;
    const following = sources[index + 1];
    next = following === undefined ? undefined : start(following);
    // Awaited one turn later: until then nobody else would take an error of it.
    next?.catch(() => {});
    yield ready;
  }
}
