import type { Dataset } from '../dataset.ts';
import { hashImages } from '../near-duplicates/find-near-duplicates.ts';
import { groupNearDuplicates } from '../near-duplicates/near-duplicates.ts';
import type { CheckedProblem } from './kinds.ts';

/** Index of a split, and index of an image in it. */
export interface SplitImage {
  readonly split: number;
  readonly image: number;
}

/** An image (`second`) that looks like one in an earlier split (`first`). */
export interface NearPair {
  readonly first: SplitImage;
  readonly second: SplitImage;
}

type Splits = readonly { readonly name: string; readonly dataset: Dataset }[];

/**
 * Finds images that are near-identical to one in an earlier split. Training on one of them leaks the answers for the
 * other.
 * @param onImage called after each image is read
 */
export async function nearDuplicatePairs(
  splits: Splits,
  onImage: (fileName: string) => void,
): Promise<readonly NearPair[]> {
  const images = splits.flatMap(({ dataset }, split) => dataset.images.map((_, image) => ({ split, image })));
  const hashes = [];
  for (const { dataset } of splits) hashes.push(...(await hashImages(dataset, { onImage })));
  // The first image of a group is in its earliest split.
  return [...groupNearDuplicates(hashes).entries()].flatMap(([index, group]): readonly NearPair[] => {
    const [second, first] = [images[index]!, images[group]!];
    return second.split === first.split ? [] : [{ first, second }];
  });
}

/**
 * Returns a problem for each pair.
 * @param known places already reported for files with the same bytes
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
