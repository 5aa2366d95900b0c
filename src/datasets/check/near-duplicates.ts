import type { Dataset } from '../dataset.ts';
import { hashImages } from '../near-duplicates/find-near-duplicates.ts';
import { groupNearDuplicates } from '../near-duplicates/near-duplicates.ts';
import type { CheckedProblem } from './kinds.ts';

/**
 * Images that are near-identical to one of an earlier data set: training on one tells the answers for the other.
 * @param known places of problems that are reported already: files of the same bytes
 * @param onImage called after each image is read
 */
export async function checkNearDuplicates(
  splits: readonly { readonly name: string; readonly dataset: Dataset }[],
  known: ReadonlySet<string>,
  onImage: (fileName: string) => void,
): Promise<readonly CheckedProblem[]> {
  const images = splits.flatMap(({ name, dataset }, split) =>
    dataset.images.map(({ fileName }) => ({ split, place: `${name}: ${fileName}` })),
  );
  const hashes = [];
  for (const { dataset } of splits) hashes.push(...(await hashImages(dataset, { onImage })));
  // The first of a group is of its earliest split.
  return [...groupNearDuplicates(hashes).entries()].flatMap(([index, group]): readonly CheckedProblem[] => {
    const [image, first] = [images[index]!, images[group]!];
    if (image.split === first.split || known.has(image.place)) return [];
    return [{ kind: 'near-duplicate-in-two-splits', place: image.place, message: `like ${first.place}` }];
  });
}
