import { basename, relative, resolve } from 'node:path';
import type { Size } from '../../boxes/formats.ts';
import { fuseBoxes, type VotedBox } from '../../boxes/fuse-boxes.ts';
import { type AnnotationRow, annotationTable, type Dataset } from '../../datasets/dataset.ts';
import { detectMany } from '../../detection/detect-many.ts';
import { Detector } from '../../detection/detector.ts';
import { loadAnyModel, notesOf } from '../../detection/load-any-model.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { checkRange } from '../../foundation/errors/check-range.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { defaultsOf } from '../../foundation/errors/option-row.ts';
import { commonFolder } from '../../foundation/files/folders.ts';
import { type Watch, watching } from '../../foundation/watch.ts';
import { expandImagePaths } from '../../image/sources.ts';
import { LABEL_OPTIONS } from '../../options/dataset/label.ts';
import {
  type WriteDatasetEvent,
  type WriteDatasetOptions,
  type WrittenDataset,
  writeDataset,
} from '../datasets/write-dataset.ts';
import { LabelJournal } from './journal.ts';
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

/** Defaults of labeling. */
export const LABEL_DEFAULTS = { ...defaultsOf(LABEL_OPTIONS), ignoreThreshold: 0.1 } as const;

/** Progress events of labeling. */
export type LabelDatasetEvent =
  | { readonly type: 'note'; readonly message: string }
  | { readonly type: 'labeling'; readonly images: number; readonly done: number; readonly runtime: string }
  | { readonly type: 'labeled'; readonly image: string; readonly objects: number }
  | { readonly type: 'skipped'; readonly image: string; readonly error: MicroYoloError }
  | WriteDatasetEvent;

/** Result of labeling. */
export interface LabeledDataset extends WrittenDataset {
  /** Number of images. */
  readonly images: number;
  /** Number of objects. */
  readonly objects: number;
  /** Number of boxes that training ignores. */
  readonly ignored: number;
}

/** Detections an image at most: more are noise, and cost space. */
const MOST = 300;

/** Every class that some detector knows, each once. */
function jointClasses(detectors: readonly Detector[]): readonly string[] {
  return [...new Set(detectors.flatMap(({ model }) => model.classes))];
}

/** One image's boxes by all detectors, in the joint classes. */
function votesOf(
  results: readonly {
    readonly detections: readonly {
      readonly label: string;
      readonly score: number;
      readonly box: VotedBox['box'];
    }[];
  }[],
  classes: ReadonlyMap<string, number>,
): readonly VotedBox[] {
  const votes = results.map(({ detections }) =>
    detections.map(({ label, score, box }) => ({ classId: classes.get(label)!, score, box })),
  );
  return votes.length === 1 ? votes[0]! : fuseBoxes(votes);
}

const rounded = (value: number, digits: number) => Number(value.toFixed(digits));

/**
 * Finds what is to be seen in images that are not labeled yet, by a detector or several that vote. Images that the
 * journal holds are not looked at again.
 */
async function label(
  detectors: readonly Detector[],
  images: readonly string[],
  journal: LabelJournal,
  {
    scoreThreshold,
    onEvent,
  }: { readonly scoreThreshold: number; readonly onEvent: (event: LabelDatasetEvent) => void },
): Promise<void> {
  const classes = new Map(jointClasses(detectors).map((name, place) => [name, place]));
  const settings = { scoreThreshold, maxDetections: MOST };
  const streams = detectors.map((detector) => detectMany(detector, images, settings));
  for (const image of images) {
    const found = await Promise.all(streams.map((stream) => stream.next()));
    const results = found.map(({ value }) => value!);
    const failed = results.find(({ error }) => error);
    if (failed) {
      onEvent({ type: 'skipped', image, error: failed.error! });
      continue;
    }
    const [{ width, height }] = results.map(({ result }) => result!) as [{ width: number; height: number }];
    const votes = votesOf(
      results.map(({ result }) => result!),
      classes,
    );
    const boxes = votes
      .filter(({ score }) => score > scoreThreshold)
      .map(
        ({ classId, score, box: [left, top, w, h] }) =>
          [classId, rounded(score, 4), rounded(left, 2), rounded(top, 2), rounded(w, 2), rounded(h, 2)] as [
            number,
            number,
            number,
            number,
            number,
            number,
          ],
      );
    await journal.add({ image, width, height, boxes });
    onEvent({ type: 'labeled', image, objects: boxes.length });
  }
}

/** The labels as a data set: objects, and crowds of what is half seen. */
function datasetOf(
  journal: LabelJournal,
  images: readonly string[],
  classes: readonly string[],
  scoreThreshold: number,
  about: string,
): Dataset {
  const labeled = images.flatMap((image) => journal.lines.get(image) ?? []);
  const root = commonFolder(labeled.map(({ image }) => image));
  const rows: AnnotationRow[] = [];
  for (const [image, { boxes }] of labeled.entries()) {
    for (const [category, score, ...box] of boxes) {
      const area = box[2] * box[3];
      if (!(area > 0)) continue;
      rows.push({
        id: rows.length + 1,
        image,
        category,
        box,
        area,
        crowd: score <= scoreThreshold,
        extra: { score },
      });
    }
  }
  return {
    images: labeled.map(({ image, width, height }, index) => ({
      id: index + 1,
      fileName: relative(root, resolve(image)).replaceAll('\\', '/'),
      width,
      height,
    })),
    categories: classes.map((name, index) => ({ id: index + 1, name })),
    annotations: annotationTable(rows),
    imageFolder: root,
    extra: { info: { description: about } },
  };
}

/**
 * Writes a data set of detections in images. Call it again to continue an interrupted run: detections are stored
 * line by line in `OUT.labels.jsonl` beside the folder.
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
  const head = { version: 1 as const, settings: about, classes: [...classes], digests };
  await using journal = await LabelJournal.open(`${out.replace(/[\\/]+$/, '')}.labels.jsonl`, head);
  const open = images.filter((image) => !journal.lines.has(image));
  onEvent({
    type: 'labeling',
    images: images.length,
    done: images.length - open.length,
    runtime: detectors[0]!.runtime,
  });
  await label(detectors, open, journal, { scoreThreshold: ignoreThreshold, onEvent });
  const dataset = datasetOf(journal, images, classes, scoreThreshold, about);
  if (dataset.images.length === 0) {
    throw new MicroYoloError('not-found', 'images: none of them could be read; see the messages before');
  }
  const written = await writeDataset(new Map([['train', dataset]]), about, options, onEvent);
  if (options.review !== undefined) await writeReview(dataset, options.review);
  const ignored = dataset.annotations.crowd.reduce((sum, crowd) => sum + crowd, 0);
  const { count } = dataset.annotations;
  return { ...written, images: dataset.images.length, objects: count - ignored, ignored };
}
