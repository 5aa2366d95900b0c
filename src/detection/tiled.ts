import { Candidates } from '../boxes/candidates.ts';
import { type Size, squareSize, type XyxyPx } from '../boxes/formats.ts';
import { mergeTiles, type TileBoxes } from '../boxes/merge-tiles.ts';
import { suppress } from '../boxes/nms/suppress.ts';
import { checkAborted, unlessAborted, untilAborted } from '../foundation/abort.ts';
import { toOriginal } from '../image/letterbox.ts';
import { type PreparedImage, prepareImage } from '../image/prepare.ts';
import type { ImageSource } from '../image/sources.ts';
import { BAND_PIXELS, decodeTiles } from '../image/tiles/bands.ts';
import type { Region } from '../image/tiles/region.ts';
import { tileRegions } from '../image/tiles/tiles.ts';
import type { AnyModel } from '../models/graph-model.ts';
import type { DetectOptions } from '../options/detect.ts';
import type { Decoder, Outputs } from './decoders/decoder.ts';
import type { DetectionResult } from './detection-result.ts';
import type { GraphRun } from './foreign/graph-network.ts';
import { type DetectSettings, settingsOf } from './options.ts';
import { bestOf, type Detection, detectionsOf, LEAST_SCORE, readCandidates } from './read-boxes.ts';

const MAX_PIXELS = 1_000_000_000;

/** The detector that runs on tiles: a `Detector`. */
export interface TileDetector {
  readonly model: AnyModel;
  readonly decoder: Decoder;
  readonly input: Size;
  readonly usualBatch: number;
  runsOf(prepared: readonly PreparedImage[]): Promise<{ readonly runs: readonly GraphRun[] }>;
}

interface PreparedTile {
  readonly prepared: PreparedImage;
  readonly region: Region;
}

/** Measures the time of each part, in milliseconds. */
class Stopwatch {
  readonly timings = { decode: 0, network: 0, boxes: 0 };

  async time<T>(part: keyof Stopwatch['timings'], work: () => T | Promise<T>): Promise<T> {
    const started = performance.now();
    try {
      return await work();
    } finally {
      this.timings[part] += performance.now() - started;
    }
  }
}

/** Converts the boxes of a tile from pixels of the input to pixels of the image. */
function inImage(candidates: Candidates, { placement }: PreparedImage, { left, top }: Region): Candidates {
  const { boxes, scores, classIds, count } = candidates;
  const moved = new Candidates();
  for (let index = 0; index < count; index++) {
    const input = boxes.subarray(4 * index, 4 * index + 4) as unknown as XyxyPx;
    const [l, t, r, b] = toOriginal(input, placement);
    moved.add(l + left, t + top, r + left, b + top, scores[index]!, classIds[index]!);
  }
  return moved;
}

/** Detections in the tiles so far. */
class FoundInTiles {
  readonly boxes: TileBoxes[] = [];
  /** The best detection below the threshold, as long as none is above it. */
  best: Pick<Detection, 'label' | 'score'> | undefined;
  readonly #detector: TileDetector;
  readonly #settings: DetectSettings;
  #isEmpty = true;

  constructor(detector: TileDetector, settings: DetectSettings) {
    this.#detector = detector;
    this.#settings = settings;
  }

  /** @returns the maps named by `features`, for each tile */
  async add(tiles: readonly PreparedTile[], watch: Stopwatch): Promise<readonly Outputs[]> {
    const prepared = tiles.map((tile) => tile.prepared);
    const { runs } = await watch.time('network', () => this.#detector.runsOf(prepared));
    await watch.time('boxes', () => {
      for (const [index, tile] of tiles.entries()) this.#read(runs[index]!.outputs, tile);
    });
    return runs.map(({ maps }) => maps);
  }

  #read(outputs: Outputs, { prepared, region }: PreparedTile): void {
    const { decoder, model } = this.#detector;
    const over = (scoreThreshold: number) =>
      readCandidates(outputs, prepared, decoder, model.classes, { ...this.#settings, scoreThreshold });
    const found = over(this.#settings.scoreThreshold);
    const { left, top, width, height } = region;
    this.boxes.push({
      candidates: inImage(found, prepared, region),
      tile: [left, top, left + width, top + height],
    });
    if (found.count > 0) this.#isEmpty = false;
    if (!this.#isEmpty || this.#settings.scoreThreshold <= LEAST_SCORE) return;
    const best = bestOf(over(LEAST_SCORE), model.classes);
    if (best && !(this.best && this.best.score >= best.score)) this.best = best;
  }
}

/** Groups tiles into batches for the network. The next batch is decoded while the network runs. */
async function* batches(
  tiles: AsyncIterable<PreparedTile>,
  largest: number,
): AsyncGenerator<readonly PreparedTile[]> {
  let batch: PreparedTile[] = [];
  for await (const tile of tiles) {
    batch.push(tile);
    if (batch.length < largest) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/**
 * Detects objects in a whole image and in its tiles, and merges the boxes. Partial objects at a tile's edge are
 * replaced by whole ones. Duplicates are suppressed as usual.
 * @param signal aborts the work, also between tiles
 * @throws MicroYoloError if the image cannot be read; `interrupted` if the signal aborts
 */
export async function inspectTiled(
  detector: TileDetector,
  source: ImageSource,
  options: DetectOptions,
  signal?: AbortSignal,
): Promise<DetectionResult> {
  const settings = settingsOf(options, detector.decoder);
  const { maxPixels = MAX_PIXELS, overlap, nms, iouThreshold, maxDetections, clip } = settings;
  const watch = new Stopwatch();
  const { recipe, classes } = detector.model;
  const prepare = (image: ImageSource, resampling = recipe.resampling) =>
    watch.time('decode', () => prepareImage(image, { ...recipe, resampling }, detector.input, { maxPixels }));
  // A huge image is shrunk during decoding, so that it is never in memory at full size.
  const shrunk = await unlessAborted(prepare(source, 'area'), signal);
  const photo = shrunk.placement.original;
  const isExact = recipe.resampling === 'area' || photo.width * photo.height > BAND_PIXELS;
  const { decoded: _, ...whole } = isExact ? shrunk : await prepare(source);
  const found = new FoundInTiles(detector, settings);
  const [maps] = await found.add([{ prepared: whole, region: { left: 0, top: 0, ...photo } }], watch);
  const rows = tileRegions(photo, squareSize(options.tile ?? photo), overlap);
  if (rows.length > 1 || rows[0]!.length > 1) {
    async function* prepared(): AsyncGenerator<PreparedTile> {
      for await (const { region, pixels } of decodeTiles(source, rows, photo, { maxPixels }))
        yield { prepared: await prepare(pixels), region };
    }
    const tiles = batches(prepared(), detector.usualBatch);
    for await (const batch of untilAborted(tiles, signal)) await found.add(batch, watch);
    checkAborted(signal);
  }
  return watch.time('boxes', () => {
    const { scoreThreshold, agnostic } = settings;
    const merged = mergeTiles(found.boxes, photo.width, photo.height);
    const kept = suppress(merged, nms, { iouThreshold, maxDetections, agnostic, scoreThreshold });
    return {
      detections: detectionsOf(kept, classes, (box) => box, clip ? photo : undefined),
      ...photo,
      timings: watch.timings,
      ...(kept.count === 0 && found.best && { bestBelow: found.best }),
      ...(Object.keys(maps!).length > 0 && { features: maps! }),
      ...(whole.note && { note: whole.note }),
    };
  });
}
