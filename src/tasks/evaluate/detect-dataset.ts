import { join } from 'node:path';
import { haveOneAspect, sizeOfBoxes } from '../../boxes/aspect.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { detectMany } from '../../detection/detect-many.ts';
import type { Detector } from '../../detection/detector.ts';
import { type ClassMapping, mapClasses } from '../../evaluation/class-mapping.ts';
import { DetectionList } from '../../evaluation/detection-list.ts';
import { counted } from '../../foundation/counted.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { firstNames, MicroYoloError } from '../../foundation/errors/errors.ts';
import { option } from '../../foundation/errors/named-options.ts';
import type { ItemEvent, NoteEvent, SkippedEvent } from '../../foundation/events.ts';
import { type Watch, watching } from '../../foundation/watch.ts';
import { type NotedImage, summarizeNotes } from '../../image/notes.ts';
import { DETECT_OPTIONS, type DetectOptions } from '../../options/detect.ts';
import { EVALUATE_DEFAULTS } from '../../options/evaluate.ts';
import { requireBoxes } from '../datasets/require-boxes.ts';

/** Progress events of detecting in a data set's images. */
export type DetectDatasetEvent =
  | NoteEvent
  | (ItemEvent & {
      /** Number of detections in this image. */
      readonly detections: number;
    })
  /** An image that could not be used. Its objects count as not found. */
  | SkippedEvent;

/**
 * Maps a model's classes to the categories of a data set.
 * @throws MicroYoloError `invalid-argument` if they have no class in common
 */
export function commonClasses(classes: readonly string[], { categories }: Dataset): ClassMapping {
  const mapping = mapClasses(classes, categories);
  if (mapping.categoryIds.some((id) => id !== undefined)) return mapping;
  const known = firstNames(classes);
  const given = firstNames(categories.map(({ name }) => name));
  throw new MicroYoloError(
    'invalid-argument',
    `the model has ${known}, the data set has ${given}: no class in common; train the model on this data, or rename its classes with ${option('names')}`,
  );
}

/** Options for detection in a data set. mAP sets the others: `classes`, `clip` and `multiLabel`. */
export type DetectDatasetOptions = Omit<DetectOptions, 'classes' | 'clip' | 'multiLabel'>;

const { classes: _, clip: __, multiLabel: ___, ...KINDS } = DETECT_OPTIONS;

/**
 * Detects objects in all images of a data set, as for mAP: low scores count too, and boxes are not clipped. The
 * detections have the category ids of the data set, for `evaluateDetections`.
 * @param options options for detection. @default `EVALUATE_DEFAULTS` with the model's thresholds
 * @throws MicroYoloError `invalid-argument` for another option, or if the data has no boxes or no class in common with the
 *   model; `interrupted` if the signal aborts
 */
export async function detectDataset(
  detector: Detector,
  dataset: Dataset,
  options: DetectDatasetOptions = {},
  watch: Watch<DetectDatasetEvent> = {},
): Promise<DetectionList> {
  const onEvent = watching(watch);
  checkOptions<DetectDatasetOptions>('detectDataset options', options, KINDS);
  requireBoxes(dataset);
  const { categoryIds, notes } = commonClasses(detector.model.classes, dataset);
  for (const message of notes) onEvent({ type: 'note', message });
  const paths = dataset.images.map(({ fileName }) => join(dataset.imageFolder, fileName));
  const found = new DetectionList();
  // Boxes are not clipped, as in the reference implementations of mAP.
  // Other classes are excluded, because they would count toward the maximum number of detections.
  const classes = detector.model.classes.filter((_, id) => categoryIds[id] !== undefined);
  const settings = {
    ...EVALUATE_DEFAULTS,
    scoreThreshold: detector.decoder.evaluationThreshold,
    iouThreshold: detector.decoder.iouThreshold,
    ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
    ...{ classes, clip: false, multiLabel: true },
  };
  // Matches results by position, not path: two records may name the same file.
  let place = 0;
  const turned: string[] = [];
  const noted: NotedImage[] = [];
  for await (const { source, result, error } of detectMany(detector, paths, {
    ...settings,
    signal: watch.signal,
  })) {
    const { id, fileName, width, height } = dataset.images[place++]!;
    if (error) {
      onEvent({ type: 'skipped', image: source, error });
      continue;
    }
    if (result.note) noted.push({ image: fileName, note: result.note });
    if (!haveOneAspect(result, { width, height })) {
      turned.push(`${fileName} is ${result.width}×${result.height}, not ${width}×${height}`);
    }
    const truth = sizeOfBoxes(result, { width, height });
    const [scaleX, scaleY] = [truth.width / result.width, truth.height / result.height];
    for (const { classId, box, score } of result.detections) {
      const categoryId = categoryIds[classId];
      if (categoryId === undefined) continue;
      const [left, top, wide, high] = box;
      found.add(id, categoryId, [left * scaleX, top * scaleY, wide * scaleX, high * scaleY], score);
    }
    onEvent({ type: 'item', detections: result.detections.length });
  }
  for (const message of summarizeNotes(noted)) onEvent({ type: 'note', message });
  if (turned.length > 0) {
    const message = `${counted(turned.length, 'image has', 'images have')} another aspect ratio than the data states, so true boxes may be in other places (${turned[0]}); "micro-yolo dataset check" lists them`;
    onEvent({ type: 'note', message });
  }
  return found;
}
