import type { Dataset } from '../datasets/dataset.ts';
import { MicroYoloError } from '../foundation/errors/errors.ts';
import type { DetectionList } from './detection-list.ts';
import { foreignImages } from './foreign-images.ts';
import type { EvaluationInput } from './tables.ts';

/**
 * Sorts ids in ascending order, and returns the index of each.
 * @throws MicroYoloError `invalid-argument` for a repeated id, because the boxes of one would count as the other's
 */
function ascending(
  ids: readonly number[],
  what: string,
): {
  readonly sorted: number[];
  readonly place: ReadonlyMap<number, number>;
} {
  const sorted = ids.toSorted((a, b) => a - b);
  const repeated = sorted.find((id, at) => at > 0 && id === sorted[at - 1]);
  if (repeated !== undefined) {
    const problem = `dataset: two ${what} have id ${repeated}, expected one`;
    throw new MicroYoloError('invalid-argument', `${problem}; give each its own id`);
  }
  return { sorted, place: new Map(sorted.map((id, index) => [id, index])) };
}

/**
 * Combines true boxes and detections for an evaluation.
 * @param source name of the detections, for messages
 * @throws MicroYoloError `invalid-file` naming the first detection of an image that is not in the data set;
 * `invalid-argument` if two images or categories of the data set share an id
 */
export function evaluationInput(
  dataset: Dataset,
  detections: DetectionList,
  source = 'detections',
): EvaluationInput {
  const { annotations } = dataset;
  const images = ascending(
    dataset.images.map(({ id }) => id),
    'images',
  );
  const categories = ascending(
    dataset.categories.map(({ id }) => id),
    'categories',
  );
  const imagePlaces = Int32Array.from(dataset.images, ({ id }) => images.place.get(id)!);
  const categoryPlaces = Int32Array.from(dataset.categories, ({ id }) => categories.place.get(id)!);

  const foundImages = Int32Array.from(detections.imageIds, (id, row) => {
    const place = images.place.get(id);
    if (place !== undefined) return place;
    const problem = `[${row}]: image_id ${id} is not an image of the data set${foreignImages(dataset, detections)}`;
    throw new MicroYoloError('invalid-file', `${source}: ${problem}`, { path: source });
  });
  // As in pycocotools, detections of categories that the data set lacks do not count.
  const known = Int32Array.from(detections.categoryIds, (id) => categories.place.get(id) ?? -1);
  const rows = Int32Array.from({ length: detections.count }, (_, row) => row).filter(
    (row) => known[row]! >= 0,
  );
  const all = rows.length === detections.count;
  return {
    imageIds: images.sorted,
    categoryIds: categories.sorted,
    truths: {
      ...annotations,
      images: annotations.images.map((image) => imagePlaces[image]!),
      categories: annotations.categories.map((category) => categoryPlaces[category]!),
    },
    detections: {
      count: rows.length,
      images: Int32Array.from(rows, (row) => foundImages[row]!),
      categories: Int32Array.from(rows, (row) => known[row]!),
      scores: all ? detections.scores : Float64Array.from(rows, (row) => detections.scores[row]!),
      boxes: all
        ? detections.boxes
        : Float64Array.from(
            { length: 4 * rows.length },
            (_, i) => detections.boxes[4 * rows[i >> 2]! + (i & 3)]!,
          ),
    },
  };
}
