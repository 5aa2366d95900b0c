import { countClasses } from '../../datasets/class-counts.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { splitDataset } from '../../datasets/edit/split/split-dataset.ts';
import { findNearDuplicates } from '../../datasets/near-duplicates/find-near-duplicates.ts';
import { countTogether } from '../../datasets/near-duplicates/near-duplicates.ts';
import { firstNames, MicroYoloError } from '../../foundation/errors/errors.ts';
import type { TrainingSettings } from '../../training/run/settings.ts';

/** Number of images from which reading them takes more than a few seconds. */
const MANY = 1000;

/**
 * Holds out a share of the images for evaluation, as `dataset split` does. The choice depends only on the settings.
 * @throws MicroYoloError `invalid-argument` if the share leaves one side empty
 */
export async function keepShare(
  dataset: Dataset,
  { data, splitSeed, nearDuplicates }: Pick<TrainingSettings, 'data' | 'splitSeed' | 'nearDuplicates'>,
  share: number,
  onNote: (message: string) => void,
): Promise<{ readonly train: Dataset; readonly evaluation: Dataset }> {
  const all = dataset.images.length;
  if (all === 0) {
    throw new MicroYoloError('invalid-file', `${data}: has no images, expected some; check the data set`, {
      path: data,
    });
  }
  // Reading them takes a while, without other progress output.
  if (nearDuplicates === 'together' && all > MANY) {
    onNote(`looking for near-identical images among ${all.toLocaleString('en-US')}`);
  }
  const groups = nearDuplicates === 'together' ? await findNearDuplicates(dataset) : undefined;
  const parts = splitDataset(dataset, { val: share, seed: splitSeed, groups });
  const [train, evaluation] = [parts.get('train')!, parts.get('val')!];
  const { images } = countTogether(groups ?? []);
  const together = groups ? `, ${images.toLocaleString('en-US')} near-identical images kept together` : '';
  const kept = `${evaluation.images.length.toLocaleString('en-US')} of ${all.toLocaleString('en-US')} images`;
  onNote(
    `${kept} are held out for evaluation, by class (valShare ${share}, splitSeed ${splitSeed})${together}`,
  );
  const absent = (split: 'train' | 'val') =>
    countClasses(parts).flatMap(({ name, boxes }) =>
      boxes[split] === 0 && boxes[split === 'val' ? 'train' : 'val']! > 0 ? [name] : [],
    );
  for (const [split, verb] of [
    ['train', 'not learned'],
    ['val', 'not measured'],
  ] as const) {
    const names = absent(split);
    if (names.length > 0) onNote(`too few images of ${firstNames(names)} for both sides: ${verb}`);
  }
  return { train, evaluation };
}
