import { createHash } from 'node:crypto';
import { checkRange } from '../check-range.ts';
import { selectClasses } from '../select-classes.ts';
import type { Dataset } from './dataset.ts';
import { selectRows } from './select.ts';

export interface SubsetOptions {
  /** Names of the classes to keep; a text that is no name is a list of them, separated by commas. @default all */
  readonly classes?: readonly string[] | undefined;
  /** How many images to keep, drawn by `seed`. @default all */
  readonly images?: number | undefined;
  /** A whole number. @default 1 */
  readonly seed?: number | undefined;
  /** Keeps images that have nothing in them. @default false where classes are chosen, else true */
  readonly keepEmpty?: boolean | undefined;
}

/** A number of an image that only its name and the seed decide. */
function rank(fileName: string, seed: number): string {
  return createHash('sha256').update(`${seed}\0${fileName}`).digest('hex');
}

function keptClasses({ categories }: Dataset, classes: readonly string[] | undefined): ReadonlySet<string> {
  const names = categories.map(({ name }) => name);
  return new Set(classes ? selectClasses(classes, names, 'the data set') : names);
}

/** Places of the images drawn, in their old order: the same ones, in whatever order the data set lists them. */
function draw(dataset: Dataset, places: readonly number[], count: number, seed: number): readonly number[] {
  if (count >= places.length) return places;
  const ranked = places.map((place) => ({ place, rank: rank(dataset.images[place]!.fileName, seed) }));
  ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1));
  return ranked
    .slice(0, count)
    .map(({ place }) => place)
    .sort((a, b) => a - b);
}

/** New place of each old one; -1 for those left out. */
function newPlaces(count: number, kept: readonly number[]): Int32Array {
  const places = new Int32Array(count).fill(-1);
  for (const [place, old] of kept.entries()) places[old] = place;
  return places;
}

/**
 * A part of a data set: some classes, and some of the images that have them. Ids stay. A smaller number of
 * images with the same seed gives a part of the larger one.
 * @throws MicroYoloError `invalid-argument` for a class that the data set does not have, or a number out of its range
 */
export function subsetDataset(dataset: Dataset, options: SubsetOptions): Dataset {
  const { classes, images = Number.POSITIVE_INFINITY, seed = 1, keepEmpty = classes === undefined } = options;
  if (images !== Number.POSITIVE_INFINITY) checkRange('images', images, 1, 1e9, true);
  const kept = keptClasses(dataset, classes);
  const { annotations } = dataset;
  const categories = [...dataset.categories.keys()].filter((place) =>
    kept.has(dataset.categories[place]!.name),
  );
  const categoryPlaces = newPlaces(dataset.categories.length, categories);
  const filled = new Set<number>();
  for (let row = 0; row < annotations.count; row++) {
    if (categoryPlaces[annotations.categories[row]!]! >= 0) filled.add(annotations.images[row]!);
  }
  const candidates = [...dataset.images.keys()].filter((place) => keepEmpty || filled.has(place));
  const drawn = draw(dataset, candidates, images, seed);
  const imagePlaces = newPlaces(dataset.images.length, drawn);
  const rows: number[] = [];
  for (let row = 0; row < annotations.count; row++) {
    const inside = imagePlaces[annotations.images[row]!]! >= 0;
    if (inside && categoryPlaces[annotations.categories[row]!]! >= 0) rows.push(row);
  }
  return {
    ...dataset,
    images: drawn.map((place) => dataset.images[place]!),
    categories: categories.map((place) => dataset.categories[place]!),
    annotations: selectRows(annotations, rows, { images: imagePlaces, categories: categoryPlaces }),
  };
}
