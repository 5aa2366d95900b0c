import type { Dataset } from '../dataset.ts';
import { hashImages } from '../near-duplicates/find-near-duplicates.ts';
import { groupNearDuplicates } from '../near-duplicates/near-duplicates.ts';
import type { CheckedProblem } from './kinds.ts';

/** Place of an image in its data set, and of that among the splits. */
export interface SplitImage {
  readonly split: number;
  readonly image: number;
}

/** An image that looks like one of an earlier split. */
export interface NearPair {
  readonly first: SplitImage;
  readonly second: SplitImage;
}

type Splits = readonly { readonly name: string; readonly dataset: Dataset }[];

/**
 * Finds images that are near-identical to one of an earlier data set: training on one tells the answers for the other.
 * @param onImage called after each image is read
 */
export async function nearDuplicatePairs(
  splits: Splits,
  onImage: (fileName: string) => void,
): Promise<readonly NearPair[]> {
  const images = splits.flatMap(({ dataset }, split) => dataset.images.map((_, image) => ({ split, image })));
  const hashes = [];
  for (const { dataset } of splits) hashes.push(...(await hashImages(dataset, { onImage })));
  // The first of a group is of its earliest split.
  return [...groupNearDuplicates(hashes).entries()].flatMap(([index, group]): readonly NearPair[] => {
    const [second, first] = [images[index]!, images[group]!];
    return second.split === first.split ? [] : [{ first, second }];
  });
}

/**
 * Pairs as problems of the data.
 * @param known places of problems that are reported already: files of the same bytes
 */
export function nearDuplicateProblems(
  splits: Splits,
  pairs: readonly NearPair[],
  known: ReadonlySet<string>,
): readonly CheckedProblem[] {
  const placeOf = ({ split, image }: SplitImage) =>
    `${splits[split]!.name}: ${splits[split]!.dataset.images[image]!.fileName}`;
  return pairs
    .map(({ first, second }): CheckedProblem => {
      return {
        kind: 'near-duplicate-in-two-splits',
        place: placeOf(second),
        message: `like ${placeOf(first)}`,
      };
    })
    .filter(({ place }) => !known.has(place));
}
