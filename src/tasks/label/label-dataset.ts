import { basename } from 'node:path';
import type { Size } from '../../boxes/formats.ts';
import { checkOutput } from '../../datasets/output/folder.ts';
import { Detector } from '../../detection/detector.ts';
import { loadAnyModel, notesOf } from '../../detection/load-any-model.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { checkRange } from '../../foundation/errors/check-range.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { defaultsOf } from '../../foundation/errors/option-row.ts';
import { type Watch, watching } from '../../foundation/watch.ts';
import { expandImagePaths } from '../../image/expand-paths.ts';
import { LABEL_OPTIONS } from '../../options/dataset/label.ts';
import { type WriteDatasetOptions, type WrittenDataset, writeDataset } from '../datasets/write-dataset.ts';
import type { LabelDatasetEvent } from './events.ts';
import { LabelJournal } from './journal.ts';
import { jointClasses, labelImages } from './label-images.ts';
import { labeledDataset } from './labeled-dataset.ts';
import { modelDigest } from './model-digest.ts';
import { writeReview } from './review-sheet.ts';

/** Options for labeling. */
export interface LabelDatasetOptions extends WriteDatasetOptions {
  /** Paths of images, folders and globs. */
  readonly images: readonly string[];
  /** Detectors: each a path, an https address, or the name of a bundled model. Several detectors vote. */
  readonly models: readonly string[];
  /** Family of `.onnx` detectors, if the files do not show it. */
  readonly as?: string | undefined;
  /** File of class names, one per line. */
  readonly names?: string | undefined;
  /** Input size in pixels: a side or width and height. @default each model's */
  readonly size?: number | Size | undefined;
  /** CPU threads. @default all cores */
  readonly threads?: number | undefined;
  /** Detections with a score above this become objects, 0–1. @default 0.3 */
  readonly scoreThreshold?: number | undefined;
  /**
   * Other detections with a score above this become crowds, 0–1. Training treats crowds neither as objects nor as
   * background.
   * @default 0.1
   */
  readonly ignoreThreshold?: number | undefined;
  /** HTML file to write that shows the labels, least certain first. @default none */
  readonly review?: string | undefined;
}

/** Default options for labeling. */
export const LABEL_DEFAULTS = { ...defaultsOf(LABEL_OPTIONS), ignoreThreshold: 0.1 } as const;

/** Result of labeling. */
export interface LabeledDataset extends WrittenDataset {
  /** Number of images. */
  readonly images: number;
  /** Number of objects. */
  readonly objects: number;
  /** Number of boxes that training ignores. */
  readonly ignored: number;
}

/**
 * Writes a data set whose labels are detections. Call it again to continue an interrupted run: finished images are
 * stored in `OUT.labels.jsonl` beside the folder.
 * @throws MicroYoloError if there is no image or model, or nothing can be written
 */
export async function labelDataset(
  options: LabelDatasetOptions,
  watch: Watch<LabelDatasetEvent> = {},
): Promise<LabeledDataset> {
  const onEvent = watching(watch);
  checkOptions('labelDataset options', options, LABEL_OPTIONS);
  const { models, size, threads, names, as } = options;
  const scoreThreshold = options.scoreThreshold ?? LABEL_DEFAULTS.scoreThreshold;
  const ignoreThreshold = options.ignoreThreshold ?? Math.min(LABEL_DEFAULTS.ignoreThreshold, scoreThreshold);
  checkRange('ignoreThreshold', ignoreThreshold, 0, scoreThreshold);
  if (models.length === 0)
    throw new MicroYoloError('invalid-argument', 'models: empty, expected at least one detector');
  const onNote = (message: string) => onEvent({ type: 'note', message });
  await checkOutput(options.out, [], options.overwrite ?? false);
  const images = await expandImagePaths(options.images, [options.out], onNote);
  const detectors: Detector[] = [];
  try {
    for (const source of models) {
      const loaded = await loadAnyModel(source, { size, names, as });
      notesOf(loaded).forEach(onNote);
      detectors.push(await Detector.create(loaded.model, { threads }));
    }
    return await labelBy(detectors, images, { ...options, scoreThreshold, ignoreThreshold }, onEvent);
  } finally {
    for (const detector of detectors) await detector[Symbol.asyncDispose]();
  }
}

async function labelBy(
  detectors: readonly Detector[],
  images: readonly string[],
  options: LabelDatasetOptions & { readonly scoreThreshold: number; readonly ignoreThreshold: number },
  onEvent: (event: LabelDatasetEvent) => void,
): Promise<LabeledDataset> {
  const { out, models, scoreThreshold, ignoreThreshold } = options;
  const classes = jointClasses(detectors);
  const shown = detectors.map(({ input }, i) => `${basename(models[i]!)} at ${input.width}×${input.height}`);
  const about = `labels by ${shown.join(' and ')}, scores above ${ignoreThreshold}`;
  const digests = await Promise.all(models.map(modelDigest));
  // Another family decodes the same outputs to other boxes.
  const settings = options.as === undefined ? about : `${about}, as ${options.as}`;
  const head = { version: 1 as const, settings, classes: [...classes], digests };
  await using journal = await LabelJournal.open(`${out.replace(/[\\/]+$/, '')}.labels.jsonl`, head);
  const open = images.filter((image) => !journal.lines.has(image));
  onEvent({
    type: 'started',
    total: images.length,
    done: images.length - open.length,
    runtime: detectors[0]!.runtime,
  });
  await labelImages(detectors, open, journal, { scoreThreshold: ignoreThreshold, onEvent });
  const dataset = labeledDataset(journal, images, classes, scoreThreshold, about);
  if (dataset.images.length === 0) {
    throw new MicroYoloError('not-found', 'images: none of them could be read; see the messages above');
  }
  const written = await writeDataset(new Map([['train', dataset]]), { source: about }, options, onEvent);
  if (options.review !== undefined) await writeReview(dataset, options.review);
  const objects = dataset.annotations.crowd.reduce((sum, crowd) => sum + 1 - crowd, 0);
  // Formats without crowds leave them out.
  const ignored = written.splits.reduce((sum, { annotations }) => sum + annotations, 0) - objects;
  return { ...written, images: dataset.images.length, objects, ignored };
}
