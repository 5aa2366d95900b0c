import { checkAborted, untilAborted } from '../foundation/abort.ts';
import { checkRange } from '../foundation/errors/check-range.ts';
import { MicroYoloError } from '../foundation/errors/errors.ts';
import { option } from '../foundation/errors/named-options.ts';
import { checkSources, type ImageSources, prepareAhead } from '../image/prepare-ahead.ts';
import type { ImageSource } from '../image/sources.ts';
import type { DetectOptions } from '../options/detect.ts';
import type { DetectionResult, Detector } from './detector.ts';
import { inspectTiled } from './tiled.ts';

/** Result for one source: its detections, or the error if it could not be used. */
export type DetectManyResult<S extends ImageSource> =
  | {
      /** The source. */
      readonly source: S;
      /** Its detections, with details. */
      readonly result: DetectionResult;
      /** Undefined, because the source could be used. */
      readonly error?: undefined;
    }
  | {
      /** The source. */
      readonly source: S;
      /** Undefined, because the source could not be used. */
      readonly result?: undefined;
      /** Why the source could not be used. */
      readonly error: MicroYoloError;
    };

/** Options for detecting in many images. */
export interface DetectManyOptions extends DetectOptions {
  /**
   * Maximum number of images that the network processes at once. They have the same input size, and are decoded in
   * time. Not allowed with `tile`. @default 1; 8 on a GPU
   */
  readonly batch?: number | undefined;
  /**
   * Number of sources that are prepared ahead. Not allowed with `tile`. @default for a list, enough for all cores; for an async iterable,
   * `batch`
   */
  readonly ahead?: number | undefined;
  /** Aborts the work. The iteration then throws `interrupted`. */
  readonly signal?: AbortSignal | undefined;
}

async function* tiled<S extends ImageSource>(
  detector: Detector,
  sources: ImageSources<S>,
  options: DetectOptions,
  signal: AbortSignal | undefined,
): AsyncGenerator<DetectManyResult<S>> {
  for await (const source of untilAborted(sources, signal)) {
    try {
      yield { source, result: await inspectTiled(detector, source, options, signal) };
    } catch (error) {
      if (!(error instanceof MicroYoloError) || ['disposed', 'interrupted'].includes(error.code)) throw error;
      yield { source, error };
    }
  }
}

/** @throws MicroYoloError `invalid-argument` for an option that has no effect with tiles */
function refuseWithTiles(options: Pick<DetectManyOptions, 'batch' | 'ahead'>): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    throw new MicroYoloError(
      'invalid-argument',
      `${option(name)} ${value}: has no effect with ${option('tile')}, which processes one image at a time; leave out one`,
      { field: name, received: value },
    );
  }
}

/**
 * Detects objects in many sources, in order, and yields each result as soon as it is ready. The next sources are
 * decoded while the network runs. Memory use does not grow with their number. By default, an async iterable, such as a
 * camera, is read at most one batch ahead. If a source cannot be used, its result contains the error, and the iteration
 * continues.
 * @param sources a list, an iterable or an async iterable
 * @throws MicroYoloError `invalid-argument` for an option out of range, before any image is read; `interrupted` if the
 *   signal aborts; `disposed` if the detector is disposed
 */
export async function* detectMany<S extends ImageSource>(
  detector: Detector,
  sources: ImageSources<S>,
  { batch: given, ahead, signal, ...options }: DetectManyOptions = {},
): AsyncGenerator<DetectManyResult<S>> {
  checkAborted(signal);
  detector.check(options);
  const batch = given ?? detector.usualBatch;
  checkRange('batch', batch, 1, 1024, true);
  if (ahead !== undefined) checkRange('ahead', ahead, 1, 1024, true);
  if (options.tile !== undefined) refuseWithTiles({ batch: given, ahead });
  checkSources(sources);
  if (options.tile !== undefined) return yield* tiled(detector, sources, options, signal);
  const prepare = (source: S) => detector.prepare(source, options);
  for await (const group of prepareAhead(sources, prepare, { batch, ahead, signal })) {
    const usable = group.filter((ready) => ready.prepared !== undefined);
    const prepared = usable.map((ready) => ready.prepared);
    const times = usable.map(({ decode }) => decode);
    const results = usable.length > 0 ? await detector.inspectBatch(prepared, options, times) : [];
    let place = 0;
    for (const { source, error } of group) {
      if (error) yield { source, error };
      else yield { source, result: results[place++]! };
    }
  }
}
