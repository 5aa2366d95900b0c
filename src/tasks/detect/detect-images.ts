import { type DetectManyOptions, detectMany } from '../../detection/detect-many.ts';
import {
  type DetectionResult,
  LOAD_DETECTOR_KINDS,
  type LoadDetectorOptions,
  loadDetector,
} from '../../detection/detector.ts';
import { notesOf } from '../../detection/load-any-model.ts';
import { describeUndrawable, undrawableTexts } from '../../drawing/glyphs.ts';
import { checkAborted } from '../../foundation/abort.ts';
import { checkOptions, type OptionKinds } from '../../foundation/errors/check-options.ts';
import type { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { Watch } from '../../foundation/watch.ts';
import { type NotedImage, summarizeNotes } from '../../image/notes.ts';
import type { DetectOptions } from '../../options/detect.ts';
import { CALIBRATION_OPTIONS, type CalibrationPhoto } from '../../options/loading.ts';
import { modelDigest } from '../label/model-digest.ts';
import { loadCalibrated } from '../models/load-calibrated.ts';
import { BestBelow, writeImageFiles } from './image-results.ts';
import { DetectionJournal, type RunRecord, readJournal } from './journal.ts';
import { type ImageInput, nameImages } from './named-images.ts';
import { cocoNames } from './outputs/image-paths.ts';
import { DetectionFiles, planImageFiles } from './outputs/open-outputs.ts';
import { checkOutputs, journalPath, OUTPUT_KINDS, type OutputOptions } from './outputs/options.ts';
import type { FoundInImage } from './outputs/output.ts';

export interface DetectFilesOptions extends LoadDetectorOptions, CalibrationPhoto, OutputOptions {
  /** Files, folders, globs and addresses, or named images in memory. Missing ones are skipped. */
  readonly images: readonly ImageInput[];
  /** Folders that are not searched if there are other images. Output folders are always among them. @default none */
  readonly except?: readonly string[] | undefined;
  /** A path, an https address, or the name of a bundled model. */
  readonly model: string;
  /** Options for detection. @default `DETECT_DEFAULTS` */
  readonly detect?: Omit<DetectManyOptions, 'signal'> | undefined;
}

const KINDS: OptionKinds<DetectFilesOptions> = {
  ...LOAD_DETECTOR_KINDS,
  ...OUTPUT_KINDS,
  images: 'required any',
  except: 'strings',
  model: 'required string',
  detect: 'object',
  ...CALIBRATION_OPTIONS,
};

/** Detections in an image. */
export interface ImageDetections extends FoundInImage, Pick<DetectionResult, 'timings'> {
  /** Path of the drawn image. */
  readonly picture?: string;
  /** Milliseconds for drawing and writing. */
  readonly drawing: number;
}

/** Progress events of detecting in files. */
export type DetectFilesEvent =
  | { readonly type: 'note'; readonly message: string }
  /** The model is loaded. `runtime` names the runtime and the device. `loading` is in milliseconds. */
  | {
      readonly type: 'started';
      readonly runtime: string;
      /** Number of images to process. */
      readonly images: number;
      /** Number of images that an earlier run finished. */
      readonly resumed: number;
      readonly loading: number;
    }
  | ({ readonly type: 'detected' } & ImageDetections)
  /** A truncated image that was used anyway. */
  | { readonly type: 'torn'; readonly image: string; readonly message: string }
  /** An image that could not be used. The others continue. */
  | { readonly type: 'skipped'; readonly image: string; readonly error: MicroYoloError };

/** The record of a run: everything that a journal's lines and the outputs depend on. */
async function recordOf({ model, detect = {}, ...options }: DetectFilesOptions): Promise<RunRecord> {
  const { size, resize, as, weights, names, calibrate, truth } = options;
  const { yoloTxt, saveConf, csv, coco, crop, out } = options;
  const loading = { size, resize, as, weights, names, calibrate, truth };
  // Leaving it out means the same as false.
  const outputs = { yoloTxt, saveConf: saveConf || undefined, csv, coco, crop, out };
  const settings = JSON.stringify({ model, ...countingOf(detect), ...loading, ...outputs });
  return { version: 1, model: await modelDigest(model), settings, folder: process.cwd() };
}

/**
 * Detects objects in image files, writes the requested outputs, and yields events as results arrive. Memory use does
 * not grow with the number of images. Unusable images are reported and skipped.
 * @throws MicroYoloError if the model cannot be loaded, there are no images, or an output cannot be written;
 * `interrupted` if the signal aborts
 */
export async function* detectImages(
  options: DetectFilesOptions,
  { signal }: Pick<Watch<never>, 'signal'> = {},
): AsyncGenerator<DetectFilesEvent> {
  const started = performance.now();
  checkOptions('detectFiles options', options, KINDS);
  checkAborted(signal);
  const { images: inputs, except = [], model: name, detect = {}, ...others } = options;
  const { jsonl, coco, csv, yoloTxt, saveConf, crop, out, resume, ...loading } = others;
  await checkOutputs(options, [name, loading.weights, loading.names, loading.calibrate, loading.truth]);
  const early: DetectFilesEvent[] = [];
  const onNote = (message: string) => early.push({ type: 'note', message });
  const folders = [out, yoloTxt, crop].filter((folder) => folder !== undefined);
  const all = await nameImages(inputs, [...except, ...folders], onNote, ({ image, error }) =>
    early.push({ type: 'skipped', image, error }),
  );
  yield* early.splice(0);
  const { files, pictures } = await planImageFiles(all, options);
  const { calibrate, truth, ...running } = loading;
  const loaded = await loadCalibrated(name, loading);
  notesOf(loaded).forEach(onNote);
  const { model } = loaded;
  // The next images are decoded while the network runs.
  await using detector = await loadDetector(model, { shareCores: all.length > 1, ...running });
  detector.check(countingOf(detect));
  const unwritten = pictures && describeUndrawable(await undrawableTexts(model.classes));
  if (unwritten !== undefined) onNote(unwritten);

  const nameOf = coco === undefined ? String : cocoNames(all);
  const path = journalPath(options);
  const record = path === undefined ? undefined : await recordOf(options);
  const earlier = path !== undefined && resume ? await readJournal(path, record!) : undefined;
  // Opening empties the files of an earlier run, so from here on nothing may be refused.
  checkAborted(signal);
  await using tables = await DetectionFiles.open(options, model.classes, nameOf);
  await using journal = path === undefined ? undefined : await DetectionJournal.open(path, record!, earlier);
  for await (const found of earlier?.lines() ?? []) await tables.write(found);
  const images = journal ? all.filter((image) => !journal.has(image.name)) : all;
  yield* early.splice(0);
  const { runtime } = detector;
  const resumed = journal?.count ?? 0;
  yield { type: 'started', runtime, images: images.length, resumed, loading: performance.now() - started };

  const best = new BestBelow();
  const noted: NotedImage[] = [];
  let next = 0;
  const sources = images.map(({ source }) => source);
  for await (const { result, error } of detectMany(detector, sources, { ...detect, signal })) {
    const named = images[next++]!;
    const image = named.name;
    if (error) {
      yield { type: 'skipped', image, error };
      continue;
    }
    const { detections, width, height, timings, note } = result;
    const found = { image, width, height, detections };
    const writing = performance.now();
    const unusable = await writeImageFiles(files, named, result, found, detect.maxPixels);
    if (unusable) {
      yield { type: 'skipped', image, error: unusable };
      continue;
    }
    await journal?.add(found);
    await tables.write(found);
    if (note?.kind === 'torn') yield { type: 'torn', image, message: note.message };
    else if (note) noted.push({ image, note });
    best.add(image, result);
    const picture = pictures?.get(named);
    const drawing = performance.now() - writing;
    yield { type: 'detected', ...found, timings, drawing, ...(picture !== undefined && { picture }) };
  }
  await tables.end();
  await journal?.end(path === jsonl);
  for (const message of summarizeNotes(noted)) yield { type: 'note', message };
  const nothing = best.describe(detect);
  if (nothing !== undefined) yield { type: 'note', message: nothing };
}

/** The options that affect the results. */
function countingOf({ batch: _, ahead: __, ...options }: Omit<DetectManyOptions, 'signal'>): DetectOptions {
  return options;
}
