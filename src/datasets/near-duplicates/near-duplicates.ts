import {
  hashDistance,
  haveAlikeColors,
  MAX_COLOR_DIFFERENCE,
  MAX_DISTANCE,
  type PerceptualHash,
} from '../../image/perceptual-hash.ts';

/** Hashes that differ in at most four bits are equal in at least one of five bands. */
const BANDS = MAX_DISTANCE + 1;

/** Every fifth bit, starting at `band`. Adjacent bits are too correlated to spread images over many keys. */
function bandOf({ bits }: PerceptualHash, band: number): number {
  let value = 0;
  for (let bit = band; bit < 64; bit += BANDS) value = (value << 1) | ((bits[bit >> 5]! >>> (bit & 31)) & 1);
  return value;
}

/** Groups things by key, keeping their order. */
function grouped<T, K>(things: readonly T[], keyOf: (thing: T) => K): Iterable<readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    const group = groups.get(key);
    if (group) group.push(thing);
    else groups.set(key, [thing]);
  }
  return groups.values();
}

/** Disjoint sets (union-find). */
class Sets {
  readonly #parents: Int32Array;

  constructor(count: number) {
    this.#parents = Int32Array.from({ length: count }, (_, place) => place);
  }

  /** Smallest index in a set. */
  rootOf(place: number): number {
    const parents = this.#parents;
    let at = place;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at]!]!;
      at = parents[at]!;
    }
    return at;
  }

  join(a: number, b: number): void {
    const [first, second] = [this.rootOf(a), this.rootOf(b)];
    this.#parents[Math.max(first, second)] = Math.min(first, second);
  }
}

/** An image that represents all images with the same hash and similar colors. */
interface Item {
  readonly place: number;
  readonly hash: PerceptualHash;
  /** Sum of the colors of all cells. It is similar for near-identical images. */
  readonly sum: number;
}

/** Index of the first item, from `from` on, whose sum is close enough to match. Items are sorted by sum. */
function firstInReach(items: readonly Item[], from: number, { sum, hash }: Item): number {
  let first = from;
  while (items[first] && items[first]!.sum < sum - MAX_COLOR_DIFFERENCE * hash.cells.length) first++;
  return first;
}

/** From images with the same hash, sorted by sum, returns one for each color and joins the others to it. */
function differentColors(images: readonly Item[], sets: Sets): readonly Item[] {
  const found: Item[] = [];
  let first = 0;
  for (const image of images) {
    first = firstInReach(found, first, image);
    let at = first;
    while (at < found.length && !haveAlikeColors(found[at]!.hash, image.hash)) at++;
    if (at < found.length) sets.join(found[at]!.place, image.place);
    else found.push(image);
  }
  return found;
}

/** Joins near-identical items of a band. Items are sorted by sum. */
function joinBand(items: readonly Item[], sets: Sets): void {
  let first = 0;
  for (let at = 1; at < items.length; at++) {
    const item = items[at]!;
    first = firstInReach(items, first, item);
    for (let other = first; other < at; other++) {
      const { hash, place } = items[other]!;
      if (hashDistance(item.hash, hash) > MAX_DISTANCE) continue;
      if (haveAlikeColors(item.hash, hash)) sets.join(item.place, place);
    }
  }
}

/**
 * Groups images that are near-identical, directly or through a chain, such as the frames of a video. Only images that
 * share a band of their hashes are compared.
 * @param hashes hashes of the images; an `undefined` one, for an unreadable image, is its own group
 * @returns for each image, the index of the first image of its group
 */
export function groupNearDuplicates(hashes: readonly (PerceptualHash | undefined)[]): Int32Array {
  const sets = new Sets(hashes.length);
  const images = hashes.flatMap((hash, place): readonly Item[] =>
    hash ? [{ place, hash, sum: hash.cells.reduce((sum, value) => sum + value, 0) }] : [],
  );
  // Sorted by content, so that the order of the images does not matter.
  images.sort((a, b) => a.sum - b.sum || Buffer.compare(a.hash.cells, b.hash.cells));
  const sameHash = grouped(images, ({ hash }) => hash.bits.join());
  const items = [...sameHash].flatMap((same) => differentColors(same, sets));
  items.sort((a, b) => a.sum - b.sum);
  for (let band = 0; band < BANDS; band++) {
    for (const inBand of grouped(items, ({ hash }) => bandOf(hash, band))) joinBand(inBand, sets);
  }
  return Int32Array.from(hashes, (_, place) => sets.rootOf(place));
}

/** Number of images that stay together. */
export interface TogetherCount {
  /** Number of images in groups of several. */
  readonly images: number;
  /** Number of groups of several images. */
  readonly groups: number;
}

/** Counts the images in groups of two or more. */
export function countTogether(groups: ArrayLike<number>): TogetherCount {
  const several = [...grouped(Array.from(groups), (group) => group)].filter(({ length }) => length > 1);
  return { images: several.reduce((sum, { length }) => sum + length, 0), groups: several.length };
}
