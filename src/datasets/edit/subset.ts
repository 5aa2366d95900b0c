import { selectClasses } from '../../foundation/classes/select-classes.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { Dataset } from '../dataset.ts';
import { selectPart } from '../select.ts';
import { drawBalanced } from './balance.ts';
import { imageRank } from './image-rank.ts';
import { PART_OPTIONS } from './options.ts';

/** Options for choosing a part of a data set. */
export interface SubsetOptions {
  /**
   * Names of the classes to keep. A string that is not a name is read as a list of names separated by commas.
   * @default all
   */
  readonly classes?: readonly string[] | undefined;
  /** Number of images to keep, chosen by `seed`. @default all */
  readonly images?: number | undefined;
  /** Seed, a whole number. @default 1 */
  readonly seed?: number | undefined;
  /**
   * Whether to choose images so that classes have about the same number of boxes. Needs `images`. Images without
   * boxes only fill up the rest.
   * @default false
   */
  readonly balance?: boolean | undefined;
  /** Whether to keep images without boxes. @default false if classes are chosen, otherwise true */
  readonly keepEmpty?: boolean | undefined;
}

function keptClasses({ categories }: Dataset, classes: readonly string[] | undefined): ReadonlySet<string> {
  const names = categories.map(({ name }) => name);
  return new Set(classes ? selectClasses(classes, names, 'the data set') : names);
}

/** Draws images. The choice does not depend on the order of the data set. */
function draw(
  dataset: Dataset,
  places: readonly number[],
  { images = Number.POSITIVE_INFINITY, seed = 1, balance = false }: SubsetOptions,
): readonly number[] {
  if (images >= places.length) return places;
  const ranked = places.map((place) => ({ place, rank: imageRank(dataset.images[place]!.fileName, seed) }));
  ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1));
  const order = ranked.map(({ place }) => place);
  return balance ? drawBalanced(dataset, order, images) : order.slice(0, images);
}

/**
 * Returns a part of a data set: some classes, and some of the images that contain them. Ids and the order do not
 * change. With the same seed, a smaller number of images is a part of a larger one.
 * @throws MicroYoloError `invalid-argument` for a class that is not in the data set, a number out of its range, or
 * `balance` without a number of images
 */
export function subsetDataset(dataset: Dataset, options: SubsetOptions): Dataset {
  checkOptions('subset options', options, PART_OPTIONS);
  const { classes, images, balance = false, keepEmpty = classes === undefined } = options;
  if (balance && images === undefined) {
    throw new MicroYoloError(
      'invalid-argument',
      'balance: needs the number of images to choose; set images, such as 500',
    );
  }
  const kept = keptClasses(dataset, classes);
  const categories = [...dataset.categories.keys()].filter((place) =>
    kept.has(dataset.categories[place]!.name),
  );
  const whole = selectPart(dataset, [...dataset.images.keys()], categories);
  const filled = new Set(whole.annotations.images);
  const candidates = [...dataset.images.keys()].filter((place) => keepEmpty || filled.has(place));
  return selectPart(
    whole,
    [...draw(whole, candidates, options)].sort((a, b) => a - b),
  );
}
