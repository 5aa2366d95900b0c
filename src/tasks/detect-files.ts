import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { drawDetections } from '../drawing/draw-detections.ts';
import { saveCanvas } from '../drawing/save.ts';
import { MicroYoloError } from '../errors.ts';
import { checkFolder, makeFolder } from '../files.ts';
import { decodeImage } from '../image/decode.ts';
import { isPicturePath } from '../image/encode.ts';
import type { PreparedImage } from '../image/prepare.ts';
import { expandImagePaths } from '../image/sources.ts';
import {
  type DetectionResult,
  type DetectOptions,
  type LoadDetectorOptions,
  loadDetector,
} from '../inference/detector.ts';
import { loadModel } from '../model/load.ts';

export interface DetectFilesOptions extends LoadDetectorOptions {
  /** Files, folders and globs. */
  readonly images: readonly string[];
  /** Model file. */
  readonly model: string;
  readonly detect?: DetectOptions;
  /**
   * Where pictures go: a folder, or for one image a file with a picture's ending. Nothing is drawn without.
   */
  readonly out?: string | undefined;
}

export interface ImageDetections
  extends Pick<DetectionResult, 'detections' | 'width' | 'height' | 'timings'> {
  readonly image: string;
  /** Where its picture was written. */
  readonly picture?: string;
  /** Milliseconds that drawing and writing took. */
  readonly drawing: number;
}

export type DetectFilesEvent =
  | { readonly type: 'warning'; readonly message: string }
  /** The model is loaded. */
  | { readonly type: 'started'; readonly images: number; readonly loading: number }
  | ({ readonly type: 'detected' } & ImageDetections)
  /** An image that could not be used; the others go on. */
  | { readonly type: 'skipped'; readonly image: string; readonly error: MicroYoloError };

/** The deepest folder that holds all the paths. */
function commonFolder(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => dirname(resolve(path)).split(sep));
  const shared = first.findIndex((part, depth) => others.some((parts) => parts[depth] !== part));
  return (shared < 0 ? first : first.slice(0, shared)).join(sep) || sep;
}

/** The picture of each image: subfolders are kept, formats that cannot be written become PNG. */
function picturePaths(images: readonly string[], out: string): ReadonlyMap<string, string> {
  if (isPicturePath(out)) {
    if (images.length === 1) return new Map([[images[0]!, out]]);
    throw new MicroYoloError(
      'invalid-argument',
      `out ${out}: one file, but ${images.length} images; give a folder`,
    );
  }
  const root = commonFolder(images);
  return new Map(
    images.map((image) => {
      const name = isPicturePath(image) ? basename(image) : `${basename(image)}.png`;
      return [image, join(out, relative(root, dirname(resolve(image))), name)];
    }),
  );
}

function checkPictures(pictures: ReadonlyMap<string, string>): void {
  const images = new Set([...pictures.keys()].map((path) => resolve(path)));
  for (const picture of pictures.values()) {
    if (images.has(resolve(picture))) {
      throw new MicroYoloError(
        'invalid-argument',
        `out ${picture}: would overwrite the image itself; give another folder or file`,
      );
    }
  }
}

async function draw(image: string, result: DetectionResult, picture: string): Promise<void> {
  await makeFolder(dirname(picture));
  const pixels = result.decoded ?? (await decodeImage(image));
  await saveCanvas(await drawDetections(pixels, result.detections), picture);
}

/**
 * Detects objects in image files, and draws them. Images are decoded one ahead of the network. An image
 * that cannot be used is reported and skipped.
 * @throws MicroYoloError where nothing can be done at all: no such model, image or place to write
 */
export async function detectFiles(
  options: DetectFilesOptions,
  onEvent: (event: DetectFilesEvent) => void = () => {},
): Promise<readonly ImageDetections[]> {
  const started = performance.now();
  const images = await expandImagePaths(options.images);
  const pictures = options.out === undefined ? undefined : picturePaths(images, options.out);
  if (pictures) {
    checkPictures(pictures);
    for (const folder of new Set([...pictures.values()].map((path) => dirname(path))))
      await checkFolder(folder);
  }
  const { weights, names, size, resize, threads, detect = {} } = options;
  const { model, warnings } = await loadModel(options.model, { weights, names });
  for (const message of warnings) onEvent({ type: 'warning', message });
  await using detector = await loadDetector(model, { size, resize, threads });
  detector.check(detect);
  onEvent({ type: 'started', images: images.length, loading: performance.now() - started });

  const prepare = async (
    image: string,
  ): Promise<{ prepared: PreparedImage; decode: number } | MicroYoloError> => {
    const start = performance.now();
    try {
      return { prepared: await detector.prepare(image, detect), decode: performance.now() - start };
    } catch (error) {
      if (error instanceof MicroYoloError) return error;
      throw error;
    }
  };
  const results: ImageDetections[] = [];
  let next = images[0] === undefined ? undefined : prepare(images[0]);
  for (const [index, image] of images.entries()) {
    const ready = await next!;
    const following = images[index + 1];
    next = following === undefined ? undefined : prepare(following);
    if (ready instanceof MicroYoloError) {
      onEvent({ type: 'skipped', image, error: ready });
      continue;
    }
    const result = await detector.inspectPrepared(ready.prepared, detect, ready.decode);
    const drawingStarted = performance.now();
    const picture = pictures?.get(image);
    if (picture !== undefined) await draw(image, result, picture);
    const { detections, width, height, timings } = result;
    const drawing = performance.now() - drawingStarted;
    const found = {
      image,
      detections,
      width,
      height,
      timings,
      drawing,
      ...(picture === undefined ? {} : { picture }),
    };
    results.push(found);
    onEvent({ type: 'detected', ...found });
  }
  return results;
}
