import type { Dataset } from '../../datasets/dataset.ts';
import { imageSource } from '../../datasets/image-path.ts';
import { categoriesByName } from '../../evaluation/class-mapping.ts';
import { type ClassificationMetrics, evaluateClassification } from '../../evaluation/classification.ts';
import { firstNames, MicroYoloError } from '../../foundation/errors/errors.ts';
import { option } from '../../foundation/errors/named-options.ts';
import type { ItemEvent, NoteEvent, SkippedEvent } from '../../foundation/events.ts';
import { type NotedImage, summarizeNotes } from '../../image/notes.ts';
import { prepareEach } from '../../image/prepare-ahead.ts';
import type { Classifier } from '../../models/running/classifier.ts';

export type ClassifyDatasetEvent =
  | NoteEvent
  | ItemEvent
  /** An image that could not be used. It does not count. */
  | SkippedEvent;

/**
 * Measures a classifier on a data set.
 * @returns metrics, with classes in the model's order
 * @throws MicroYoloError `invalid-argument` if the data has boxes, or a class that the model does not have
 */
export async function classifyDataset(
  classifier: Classifier,
  dataset: Dataset,
  onEvent: (event: ClassifyDatasetEvent) => void,
): Promise<ClassificationMetrics> {
  if (dataset.task !== 'classification') {
    throw new MicroYoloError(
      'invalid-argument',
      `${dataset.imageFolder}: has boxes, expected images with one class each; pass such data, or a detector`,
    );
  }
  const { classes } = classifier.model;
  const categoryIds = categoriesByName(classes, dataset.categories);
  const idOf = dataset.categories.map(({ id }) => categoryIds.indexOf(id));
  const { images, categories } = dataset.annotations;
  const labelOf = new Map(Array.from(images, (image, row) => [image, idOf[categories[row]!]!]));
  // An unknown class without images, such as an empty folder, is allowed.
  const unknown = dataset.categories.find((_, place) => idOf[place]! < 0 && categories.includes(place));
  if (unknown) {
    throw new MicroYoloError(
      'invalid-argument',
      `class ${JSON.stringify(unknown.name)} of the data: not in the model, which has ${firstNames(classes)}; pass class names with ${option('names')}, or other data`,
    );
  }
  const scores: Float32Array[] = [];
  const labels: number[] = [];
  const noted: NotedImage[] = [];
  const sources = dataset.images.map((image) => imageSource(dataset, image));
  let place = -1;
  for await (const { prepared, error } of prepareEach(sources, (source) => classifier.prepare(source))) {
    place++;
    if (error) {
      onEvent({ type: 'skipped', image: dataset.images[place]!.fileName, error });
      continue;
    }
    if (prepared.note) noted.push({ image: dataset.images[place]!.fileName, note: prepared.note });
    scores.push(await classifier.scores(prepared.pixels));
    labels.push(labelOf.get(place)!);
    onEvent({ type: 'item' });
  }
  for (const message of summarizeNotes(noted)) onEvent({ type: 'note', message });
  const all = new Float32Array(scores.length * classes.length);
  scores.forEach((row, index) => {
    all.set(row, index * classes.length);
  });
  return evaluateClassification(all, labels, classes.length);
}
