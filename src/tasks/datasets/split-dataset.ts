import { join } from 'node:path';
import { type ClassBoxes, countClasses } from '../../datasets/class-counts.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { joinDatasets } from '../../datasets/edit/join.ts';
import { checkShares, type SplitOptions, splitDataset } from '../../datasets/edit/split/split-dataset.ts';
import type { DatasetFormat } from '../../datasets/formats/registry.ts';
import { findNearDuplicates } from '../../datasets/near-duplicates/find-near-duplicates.ts';
import { countTogether, type TogetherCount } from '../../datasets/near-duplicates/near-duplicates.ts';
import { counted } from '../../foundation/counted.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { optionValues } from '../../foundation/errors/named-options.ts';
import { type Watch, watching } from '../../foundation/watch.ts';
import { type NEAR_DUPLICATES, SPLIT_OPTIONS } from '../../options/dataset/split.ts';
import { type ConvertDatasetOptions, readSplits } from './convert-dataset.ts';
import { type WriteDatasetEvent, type WrittenDataset, writeDataset } from './write-dataset.ts';

/** Options for splitting a data set on disk. */
export interface SplitDatasetFilesOptions
  extends Omit<ConvertDatasetOptions, 'from'>,
    Omit<SplitOptions, 'groups'> {
  /** Format to write. @default that of the data */
  readonly to?: DatasetFormat | undefined;
  /** Only this split of the data. @default all splits, combined */
  readonly split?: string | undefined;
  /** `together` reads each image, and keeps near-identical images in one split. @default 'together' */
  readonly nearDuplicates?: (typeof NEAR_DUPLICATES)[number] | undefined;
}

/** Result of splitting a data set. */
export interface WrittenSplits extends WrittenDataset {
  /** Splits of the source that were divided. */
  readonly from: readonly string[];
  /** Number of near-identical images that were kept together, and of their groups. */
  readonly nearDuplicates: TogetherCount;
  /** Boxes of each class in each split. */
  readonly classes: readonly ClassBoxes[];
  /** Warnings, one line each: a class that a split lacks, or a split whose size differs from the request. */
  readonly warnings: readonly string[];
}

/** Warnings about classes that are missing in some splits but present in others. */
function absentClasses(classes: readonly ClassBoxes[]): readonly string[] {
  return classes.flatMap(({ name, boxes }) => {
    const absent = Object.keys(boxes).filter((split) => boxes[split] === 0);
    const total = Object.values(boxes).reduce((sum, count) => sum + count, 0);
    if (total === 0 || absent.length === 0) return [];
    return [
      `class ${JSON.stringify(name)}: ${counted(total, 'box', 'boxes')}, none in ${absent.join(' and ')}; label more images of it`,
    ];
  });
}

function otherSizes(parts: ReadonlyMap<string, Dataset>, shares: SplitOptions): readonly string[] {
  const total = [...parts.values()].reduce((sum, { images }) => sum + images.length, 0);
  return (['val', 'test'] as const).flatMap((name) => {
    const [got, share] = [parts.get(name)?.images.length, shares[name]];
    if (got === undefined || share === undefined || got === Math.round(share * total)) return [];
    const asked = Math.round(share * total);
    return [
      `${name} has ${counted(got, 'image')} instead of ${asked}, because near-identical images stay together (${optionValues({ nearDuplicates: 'ignore' })} splits them)`,
    ];
  });
}

/**
 * Divides the images of detection data into new splits, and writes them. Existing splits are combined first, unless one
 * is chosen.
 * @throws MicroYoloError as `convertDataset`, and for shares that leave a split empty
 */
export async function splitDatasetFiles(
  options: SplitDatasetFilesOptions,
  watch: Watch<WriteDatasetEvent> = {},
): Promise<WrittenSplits> {
  const onEvent = watching(watch);
  checkOptions('splitDatasetFiles options', options, SPLIT_OPTIONS);
  checkShares(options);
  const { data, transfer, val, test, seed, nearDuplicates = SPLIT_OPTIONS.nearDuplicates.default } = options;
  const { format, datasets } = await readSplits(options, onEvent);
  const dataset = joinDatasets([...datasets.values()]);
  if (dataset.images.length === 0) {
    throw new MicroYoloError(
      'invalid-file',
      `${data}: has no images, expected some to split; check the data set`,
      { path: data },
    );
  }
  let groups: Int32Array | undefined;
  if (nearDuplicates === 'together') {
    onEvent({ type: 'started', total: dataset.images.length });
    groups = await findNearDuplicates(dataset, {
      onImage(fileName, error) {
        onEvent({ type: 'item' });
        // Missing images are reported when they are transferred.
        if (!error || (error.code === 'not-found' && transfer !== 'none')) return;
        const kind = error.code === 'not-found' ? 'missing-image-file' : 'bad-image-file';
        const message = 'cannot be read; near-identical images are not searched';
        const problem = { kind, place: join(dataset.imageFolder, fileName), message } as const;
        onEvent({ type: 'problem', problem, kept: false });
      },
    });
  }
  const parts = splitDataset(dataset, { val, test, seed, groups });
  const to = options.to ?? (format as DatasetFormat);
  const written = await writeDataset(parts, { source: data, format }, { ...options, to }, onEvent);
  const classes = countClasses(parts);
  return {
    ...written,
    from: [...datasets.keys()],
    nearDuplicates: countTogether(groups ?? []),
    classes,
    warnings: [...otherSizes(parts, options), ...absentClasses(classes)],
  };
}
