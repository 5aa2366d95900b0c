import type { Dataset } from '../../dataset.ts';
import { imageRank } from '../image-rank.ts';

/** Number of a unit's images that contain a class, and number of its boxes. */
export interface ClassCount {
  readonly kind: number;
  readonly images: number;
  readonly boxes: number;
}

/** Images that stay in the same split: usually a single image, or near-identical ones. */
export interface Unit {
  /** Indices of the images. */
  readonly images: readonly number[];
  /** Sorted by kind, starting with `ANY`. `EMPTY` counts images without boxes. */
  readonly counts: readonly ClassCount[];
}

/** Pseudo-classes: `ANY` is in every image, `EMPTY` in each image without boxes. */
const ANY = 0;
const EMPTY = 1;

/**
 * Returns the units of a data set, in an order that depends only on the seed and the image names.
 * @param groups a group number for each image; images with the same number stay together
 */
export function splitUnits(dataset: Dataset, groups: ArrayLike<number>, seed: number): readonly Unit[] {
  const { images, categories, annotations } = dataset;
  // Sorted by name, so that the order of the categories does not matter.
  const sorted = [...categories.keys()].sort((a, b) => (categories[a]!.name < categories[b]!.name ? -1 : 1));
  const kinds = new Int32Array(categories.length);
  for (const [order, place] of sorted.entries()) kinds[place] = EMPTY + 1 + order;
  const boxes: Map<number, number>[] = images.map(() => new Map());
  for (let row = 0; row < annotations.count; row++) {
    const kind = kinds[annotations.categories[row]!]!;
    const counts = boxes[annotations.images[row]!]!;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const byGroup = new Map<number, number[]>();
  for (let place = 0; place < images.length; place++) {
    const members = byGroup.get(groups[place]!);
    if (members) members.push(place);
    else byGroup.set(groups[place]!, [place]);
  }
  const units = [...byGroup.values()].map((members) => {
    const counts = new Map([[ANY, { kind: ANY, images: members.length, boxes: members.length }]]);
    for (const place of members) {
      const found = boxes[place]!.size > 0 ? boxes[place]! : new Map([[EMPTY, 1]]);
      for (const [kind, count] of found) {
        const before = counts.get(kind);
        counts.set(kind, {
          kind,
          images: (before?.images ?? 0) + 1,
          boxes: (before?.boxes ?? 0) + count,
        });
      }
    }
    const ranks = members.map((place) => imageRank(images[place]!.fileName, seed)).sort();
    return {
      rank: ranks[0]!,
      images: members,
      counts: [...counts.values()].sort((a, b) => a.kind - b.kind),
    };
  });
  return units.sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0));
}
