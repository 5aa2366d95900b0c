import { basename, dirname, join, relative, resolve } from 'node:path';
import { drawDetections } from '../drawing/draw-detections.ts';
import { saveCanvas } from '../drawing/save.ts';
import { MicroYoloError } from '../errors.ts';
import { checkFolder, commonFolder, isFolder, realPath } from '../files.ts';
import { decodeImage, type RgbImage } from '../image/decode.ts';
import { isPicturePath, PICTURE_EXTENSIONS } from '../image/encode.ts';
import { expandImagePaths, isImagePath } from '../image/sources.ts';
import { detectMany } from '../inference/detect-many.ts';
import { type DetectionResult, type LoadDetectorOptions, loadDetector } from '../inference/detector.ts';
import type { DetectOptions } from '../inference/options.ts';
import { type CalibrationPhoto, loadCalibrated } from './load-calibrated.ts';

export interface DetectFilesOptions extends LoadDetectorOptions, CalibrationPhoto {
  /** Files, folders and globs. */
  readonly images: readonly string[];
  /** Folders that are not searched where there are other images, besides `out`. @default none */
  readonly except?: readonly string[] | undefined;
  /** A path, an https address, or the name of a model that ships. */
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
  | { readonly type: 'note'; readonly message: string }
  /** The model is loaded; `runtime` says into what, and where. */
  | {
      readonly type: 'started';
      readonly runtime: string;
      readonly images: number;
      readonly loading: number;
    }
  | ({ readonly type: 'detected' } & ImageDetections)
  /** An image that could not be used; the others go on. */
  | { readonly type: 'skipped'; readonly image: string; readonly error: MicroYoloError };

/**
 * The picture of each image: subfolders are kept, formats that cannot be written become PNG.
 * @throws MicroYoloError `invalid-argument` where two images would get one picture, or none can be written
 */
async function picturePaths(images: readonly string[], out: string): Promise<ReadonlyMap<string, string>> {
  if (isPicturePath(out)) {
    if (images.length === 1) return new Map([[images[0]!, out]]);
    throw new MicroYoloError(
      'invalid-argument',
      `out ${out}: one file, but ${images.length} images; give a folder`,
    );
  }
  if (isImagePath(out) && !(await isFolder(out))) {
    throw new MicroYoloError(
      'invalid-argument',
      `out ${out}: pictures cannot be written so, expected ${PICTURE_EXTENSIONS.join(', ')}, or a folder`,
    );
  }
  const root = commonFolder(images);
  const owners = new Map<string, string>();
  for (const image of images) {
    const name = isPicturePath(image) ? basename(image) : `${basename(image)}.png`;
    const picture = join(out, relative(root, dirname(resolve(image))), name);
    const owner = owners.get(picture);
    if (owner !== undefined) {
      throw new MicroYoloError(
        'invalid-argument',
        `out ${picture}: the picture of both ${owner} and ${image}; rename one, or detect in them apart`,
      );
    }
    owners.set(picture, image);
  }
  return new Map([...owners].map(([picture, image]) => [image, picture]));
}

async function checkPictures(pictures: ReadonlyMap<string, string>): Promise<void> {
  const images = new Set(await Promise.all([...pictures.keys()].map(realPath)));
  for (const picture of pictures.values()) {
    if (images.has(await realPath(picture))) {
      throw new MicroYoloError(
        'invalid-argument',
        `out ${picture}: would overwrite the image itself; give another folder or file`,
      );
    }
  }
}

/**
 * Draws an image's detections.
 * @returns why this image cannot be drawn, if so
 * @throws MicroYoloError where none can: no place to write, nothing to draw with
 */
async function draw(
  image: string,
  result: DetectionResult,
  picture: string,
  maxPixels: number | undefined,
): Promise<MicroYoloError | undefined> {
  let pixels: RgbImage;
  try {
    pixels = result.decoded ?? (await decodeImage(image, maxPixels === undefined ? {} : { maxPixels }));
  } catch (error) {
    if (error instanceof MicroYoloError) return error;
    throw error;
  }
  try {
    await saveCanvas(await drawDetections(pixels, result.detections), picture);
    return undefined;
  } catch (error) {
    if (!(error instanceof MicroYoloError) || error.code !== 'invalid-argument') throw error;
    return new MicroYoloError(error.code, `${image}: ${error.message}`);
  }
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
  const { except = [] } = options;
  const onNote = (message: string) => onEvent({ type: 'note', message });
  const pictureFolders = options.out === undefined ? [] : [options.out];
  const images = await expandImagePaths(options.images, [...except, ...pictureFolders], onNote);
  const pictures = options.out === undefined ? undefined : await picturePaths(images, options.out);
  if (pictures) {
    await checkPictures(pictures);
    for (const folder of new Set([...pictures.values()].map((path) => dirname(path))))
      await checkFolder(folder);
  }
  const { detect = {} } = options;
  const { model, notes } = await loadCalibrated(options.model, options);
  notes.forEach(onNote);
  await using detector = await loadDetector(model, options);
  detector.check(detect);
  const { runtime } = detector;
  onEvent({ type: 'started', runtime, images: images.length, loading: performance.now() - started });

  const results: ImageDetections[] = [];
  for await (const { source: image, result, error } of detectMany(detector, images, detect)) {
    if (error) {
      onEvent({ type: 'skipped', image, error });
      continue;
    }
    const drawingStarted = performance.now();
    const picture = pictures?.get(image);
    const undrawn = picture === undefined ? undefined : await draw(image, result, picture, detect.maxPixels);
    if (undrawn) {
      onEvent({ type: 'skipped', image, error: undrawn });
      continue;
    }
    const { detections, width, height, timings } = result;
    const drawing = performance.now() - drawingStarted;
    const written = picture === undefined ? {} : { picture };
    const found = { image, detections, width, height, timings, drawing, ...written };
    results.push(found);
    onEvent({ type: 'detected', ...found });
  }
  return results;
}
