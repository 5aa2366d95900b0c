import { checkAborted } from '../foundation/abort.ts';
import type { MicroYoloError } from '../foundation/errors/errors.ts';
import { type ImageSources, prepareAhead } from '../image/prepare-ahead.ts';
import type { ImageSource } from '../image/sources.ts';
import type { DetectOptions } from '../options/detect.ts';
import type { DetectionResult, Detector } from './detector.ts';

/** What came of one source: its detections, or why it could not be used. */
export type DetectManyResult<S extends ImageSource> =
  | {
      /** What was given. */
      readonly source: S;
      /** What was found. */
      readonly result: DetectionResult;
      /** Undefined: the source could be used. */
      readonly error?: undefined;
    }
  | {
      /** What was given. */
      readonly source: S;
      /** Undefined: the source could not be used. */
      readonly result?: undefined;
      /** Why the source could not be used. */
      readonly error: MicroYoloError;
    };

/** Options of detecting in many images. */
export interface DetectManyOptions extends DetectOptions {
  /** Ends the work early: the iteration throws `interrupted`. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Detects in one source after the other, in order; the next is decoded while the network runs. Sources may be a list, or come
 * as an iterable yields them: no more than one is asked for ahead of its turn. Results come as they are found. Sources that
 * cannot be used come with their error, and the others go on.
 * @throws MicroYoloError `invalid-argument` for an option out of its range, before any image is touched; `interrupted` if the
 *   signal aborts; `disposed` if the detector is
 */
export async function* detectMany<S extends ImageSource>(
  detector: Detector,
  sources: ImageSources<S>,
  { signal, ...options }: DetectManyOptions = {},
): AsyncGenerator<DetectManyResult<S>> {
  detector.check(options);
  checkAborted(signal);
  const prepare = (source: S) => detector.prepare(source, options);
  for await (const ready of prepareAhead(sources, prepare, signal)) {
    const { source } = ready;
    if (ready.error) yield { source, error: ready.error };
    else yield { source, result: await detector.inspectPrepared(ready.prepared, options, ready.decode) };
  }
}
