import { dirname, join, relative, resolve } from 'node:path';
import { detectMany } from '../../detection/detect-many.ts';
import {
  type DetectionResult,
  LOAD_DETECTOR_KINDS,
  type LoadDetectorOptions,
  loadDetector,
} from '../../detection/detector.ts';
import { notesOf } from '../../detection/load-any-model.ts';
import { drawDetections } from '../../drawing/draw-detections.ts';
import { describeUndrawable, undrawableTexts } from '../../drawing/glyphs.ts';
import { saveCanvas } from '../../drawing/save.ts';
import { checkOptions, type OptionKinds } from '../../foundation/errors/check-options.ts';
import { firstNames, MicroYoloError } from '../../foundation/errors/errors.ts';
import { checkFolder, commonFolder, isFolder, realPath } from '../../foundation/files/folders.ts';
import { type Watch, watching } from '../../foundation/watch.ts';
import { decodeImage, type RgbImage } from '../../image/decode.ts';
import { isPicturePath, PICTURE_EXTENSIONS } from '../../image/encode.ts';
import { type NotedImage, summarizeNotes } from '../../image/notes.ts';
import { isImagePath } from '../../image/sources.ts';
import { DETECT_DEFAULTS, type DetectOptions } from '../../options/detect.ts';
import { CALIBRATION_OPTIONS, type CalibrationPhoto } from '../../options/loading.ts';
import { loadCalibrated } from '../models/load-calibrated.ts';
import { type ImageInput, isFile, type NamedImage, nameImages, pictureName } from './named-images.ts';

export interface DetectFilesOptions extends LoadDetectorOptions, CalibrationPhoto {
  /** Files, folders, globs and addresses, or images in memory with a name. One that is missing is skipped. */
  readonly images: readonly ImageInput[];
  /** Folders that are not searched where there are other images, besides `out`. @default none */
  readonly except?: readonly string[] | undefined;
  /** A path, an https address, or the name of a model that ships. */
  readonly model: string;
  /** Options of detecting. @default `DETECT_DEFAULTS` */
  readonly detect?: DetectOptions;
  /**
   * Where pictures go: a folder, or for one image a file with a picture's ending. Nothing is drawn without.
   */
  readonly out?: string | undefined;
}

const KINDS: OptionKinds<DetectFilesOptions> = {
  ...LOAD_DETECTOR_KINDS,
  images: 'required any',
  except: 'strings',
  model: 'required string',
  detect: 'object',
  out: 'string',
  ...CALIBRATION_OPTIONS,
};

/** What was found in an image. */
export interface ImageDetections
  extends Pick<DetectionResult, 'detections' | 'width' | 'height' | 'timings'> {
  /** Its path, address or name. */
  readonly image: string;
  /** Where its picture was written. */
  readonly picture?: string;
  /** Milliseconds that drawing and writing took. */
  readonly drawing: number;
}

/** What happens while files are searched. */
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
  /** An image that was used although its file lacks its end. */
  | { readonly type: 'torn'; readonly image: string; readonly message: string }
  /** An image that could not be used; the others go on. */
  | { readonly type: 'skipped'; readonly image: string; readonly error: MicroYoloError };

/** The folder below which an image's picture keeps its folders: that of all files. */
function rootOf(images: readonly NamedImage[]): string {
  return commonFolder(images.filter(isFile).map(({ name }) => name));
}

/**
 * The picture of each image: subfolders are kept, formats that cannot be written become PNG.
 * @throws MicroYoloError `invalid-argument` if two images would get one picture, or none can be written
 */
async function picturePaths(
  images: readonly NamedImage[],
  out: string,
): Promise<ReadonlyMap<NamedImage, string>> {
  if (isPicturePath(out)) {
    if (images.length === 1) return new Map([[images[0]!, out]]);
    throw new MicroYoloError(
      'invalid-argument',
      `out ${out}: one file, but ${images.length} images; pass a folder`,
      { field: 'out', received: out },
    );
  }
  if (isImagePath(out) && !(await isFolder(out))) {
    throw new MicroYoloError(
      'invalid-argument',
      `out ${out}: not an image format, expected ${PICTURE_EXTENSIONS.join(', ')}, or a folder`,
      { field: 'out', received: out },
    );
  }
  const root = rootOf(images);
  const owners = new Map<string, NamedImage>();
  for (const image of images) {
    const own = pictureName(image);
    const folder = isFile(image) ? relative(root, dirname(resolve(image.name))) : '';
    const picture = join(out, folder, isPicturePath(own) ? own : `${own}.png`);
    const owner = owners.get(picture);
    if (owner !== undefined) {
      throw new MicroYoloError(
        'invalid-argument',
        `out ${picture}: the output of both ${owner.name} and ${image.name}; rename one, or run detect for each`,
        { field: 'out', received: picture },
      );
    }
    owners.set(picture, image);
  }
  return new Map([...owners].map(([picture, image]) => [image, picture]));
}

async function checkPictures(pictures: ReadonlyMap<NamedImage, string>): Promise<void> {
  const files = [...pictures.keys()].filter(isFile);
  const images = new Set(await Promise.all(files.map(({ name }) => realPath(name))));
  for (const picture of pictures.values()) {
    if (images.has(await realPath(picture))) {
      throw new MicroYoloError(
        'invalid-argument',
        `out ${picture}: would overwrite the image itself; choose another folder or file`,
        { field: 'out', received: picture },
      );
    }
  }
}

/**
 * Draws an image's detections.
 * @returns why this image cannot be drawn, if so
 * @throws MicroYoloError if none can: no place to write, nothing to draw with
 */
async function draw(
  { name, source }: NamedImage,
  result: DetectionResult,
  picture: string,
  maxPixels: number | undefined,
): Promise<MicroYoloError | undefined> {
  let pixels: RgbImage;
  try {
    pixels = result.decoded ?? (await decodeImage(source, { maxPixels }));
  } catch (error) {
    if (error instanceof MicroYoloError) return error;
    throw error;
  }
  try {
    await saveCanvas(await drawDetections(pixels, result.detections), picture);
    return undefined;
  } catch (error) {
    if (!(error instanceof MicroYoloError) || error.code !== 'invalid-argument') throw error;
    return new MicroYoloError(error.code, `${name}: ${error.message}`);
  }
}

/** Why nothing was found in any image: what scored best, and where. */
function nothingFound(
  best: { readonly image: string; readonly label: string; readonly score: number } | undefined,
  { scoreThreshold = DETECT_DEFAULTS.scoreThreshold, classes }: DetectOptions,
): string {
  const over = `${classes ? `no ${firstNames(classes)}` : 'nothing'} has a score above ${scoreThreshold}`;
  if (!best) return `${over}, or close to it`;
  return `${over}: the best is ${best.label} at ${best.score.toFixed(3)} in ${best.image}; a lower score threshold shows it`;
}

/**
 * Detects objects in image files, and draws them. Images are decoded one ahead of the network. An image
 * that cannot be used is reported and skipped.
 * @throws MicroYoloError if nothing can be done at all: no such model, image or place to write
 */
export async function detectFiles(
  options: DetectFilesOptions,
  watch: Watch<DetectFilesEvent> = {},
): Promise<readonly ImageDetections[]> {
  const onEvent = watching(watch);
  const started = performance.now();
  checkOptions('detectFiles options', options, KINDS);
  const { images: inputs, except = [], model: name, detect = {}, out, ...loading } = options;
  const onNote = (message: string) => onEvent({ type: 'note', message });
  const pictureFolders = out === undefined ? [] : [out];
  const images = await nameImages(inputs, [...except, ...pictureFolders], onNote, ({ image, error }) =>
    onEvent({ type: 'skipped', image, error }),
  );
  const pictures = out === undefined ? undefined : await picturePaths(images, out);
  if (pictures) {
    await checkPictures(pictures);
    for (const folder of new Set([...pictures.values()].map((path) => dirname(path))))
      await checkFolder(folder);
  }
  const { calibrate, truth, ...running } = loading;
  const loaded = await loadCalibrated(name, loading);
  notesOf(loaded).forEach(onNote);
  const { model } = loaded;
  await using detector = await loadDetector(model, running);
  detector.check(detect);
  const unwritten = pictures && describeUndrawable(await undrawableTexts(model.classes));
  if (unwritten !== undefined) onNote(unwritten);
  const { runtime } = detector;
  onEvent({ type: 'started', runtime, images: images.length, loading: performance.now() - started });

  const results: ImageDetections[] = [];
  let best: { image: string; label: string; score: number } | undefined;
  const noted: NotedImage[] = [];
  const sources = images.map(({ source }) => source);
  let place = 0;
  for await (const { result, error } of detectMany(detector, sources, { ...detect, signal: watch.signal })) {
    const named = images[place++]!;
    const image = named.name;
    if (error) {
      onEvent({ type: 'skipped', image, error });
      continue;
    }
    const drawingStarted = performance.now();
    const picture = pictures?.get(named);
    const undrawn = picture === undefined ? undefined : await draw(named, result, picture, detect.maxPixels);
    if (undrawn) {
      onEvent({ type: 'skipped', image, error: undrawn });
      continue;
    }
    const { detections, width, height, timings, note, bestBelow } = result;
    if (note?.kind === 'torn') onEvent({ type: 'torn', image, message: note.message });
    else if (note) noted.push({ image, note });
    if (bestBelow && !(best && best.score >= bestBelow.score)) best = { image, ...bestBelow };
    const drawing = performance.now() - drawingStarted;
    const written = picture === undefined ? {} : { picture };
    const found = { image, detections, width, height, timings, drawing, ...written };
    results.push(found);
    onEvent({ type: 'detected', ...found });
  }
  summarizeNotes(noted).forEach(onNote);
  if (results.length > 0 && results.every(({ detections }) => detections.length === 0))
    onNote(nothingFound(best, detect));
  return results;
}
