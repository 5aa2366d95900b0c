import { MicroYoloError } from '../errors.ts';
import type { PreparedImage } from '../image/prepare.ts';
import type { ImageSource } from '../image/sources.ts';
import type { DetectionResult, Detector } from './detector.ts';
import type { DetectOptions } from './options.ts';

/** What came of one source: its detections, or why it could not be used. */
export type DetectManyResult<S extends ImageSource> =
  | { readonly source: S; readonly result: DetectionResult; readonly error?: undefined }
  | { readonly source: S; readonly result?: undefined; readonly error: MicroYoloError };

/**
 * Detects in one source after the other, in order; the next is decoded while the network runs.
 * Sources that cannot be used come with their error, and the others go on.
 */
export async function* detectMany<S extends ImageSource>(
  detector: Detector,
  sources: readonly S[],
  options: DetectOptions = {},
): AsyncGenerator<DetectManyResult<S>> {
  const prepare = async (
    source: S,
  ): Promise<{ prepared: PreparedImage; decode: number } | MicroYoloError> => {
    const start = performance.now();
    try {
      return { prepared: await detector.prepare(source, options), decode: performance.now() - start };
    } catch (error) {
      if (error instanceof MicroYoloError) return error;
      throw error;
    }
  };
  let next = sources[0] === undefined ? undefined : prepare(sources[0]);
  for (const [index, source] of sources.entries()) {
    const ready = await next!;
    const following = sources[index + 1];
    next = following === undefined ? undefined : prepare(following);
    // Awaited one turn later: until then nobody else would take an error of it.
    next?.catch(() => {});
    if (ready instanceof MicroYoloError) yield { source, error: ready };
    else yield { source, result: await detector.inspectPrepared(ready.prepared, options, ready.decode) };
  }
}
