import type { MicroYoloError } from '../foundation/errors/errors.ts';
import { prepareAhead } from '../image/prepare-ahead.ts';
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

/**
 * Detects in one source after the other, in order; the next is decoded while the network runs.
 * Sources that cannot be used come with their error, and the others go on.
 * @throws MicroYoloError `invalid-argument` for an option out of its range, before any image is touched
 */
export async function* detectMany<S extends ImageSource>(
  detector: Detector,
  sources: readonly S[],
  options: DetectOptions = {},
): AsyncGenerator<DetectManyResult<S>> {
  detector.check(options);
  for await (const ready of prepareAhead(sources, (source) => detector.prepare(source, options))) {
    const { source } = ready;
    if (ready.error) yield { source, error: ready.error };
    else yield { source, result: await detector.inspectPrepared(ready.prepared, options, ready.decode) };
  }
}
