import { basename } from 'node:path';
import type { Dataset } from '../../datasets/dataset.ts';
import { openDataset } from '../../datasets/open/description.ts';
import type { OnProblem } from '../../datasets/problems.ts';
import type { DatasetSource } from '../../datasets/source.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';

export interface OpenSplitsOptions {
  /** Only this split of data sets that have several. */
  readonly split?: string | undefined;
  /** Folder of the images. @default that of the data set */
  readonly imageFolder?: string | undefined;
  readonly onProblem?: OnProblem | undefined;
}

export interface NamedSplit {
  /** Path, and the split if the path has several. */
  readonly name: string;
  /** Shortest name that distinguishes it from the others. */
  readonly label: string;
  readonly dataset: Dataset;
  /** Files that it was read from. */
  readonly files: readonly string[];
  readonly source: DatasetSource;
}

/** Pascal VOC's union of train and val. If it were read too, every image would appear twice. */
const JOINED_SPLIT = 'trainval';

/** Splits that do not share images, judging by their names. */
export function separateSplits({ splits }: DatasetSource): readonly string[] {
  return splits.includes('train') ? splits.filter((name) => name !== JOINED_SPLIT) : splits;
}

/**
 * Reads data sets of any format, each with all its splits.
 * @throws MicroYoloError if one cannot be used
 */
export async function openSplits(
  paths: readonly string[],
  options: OpenSplitsOptions = {},
): Promise<readonly NamedSplit[]> {
  const { split, imageFolder, onProblem } = options;
  if (paths.length === 0) {
    throw new MicroYoloError('invalid-argument', 'data: no data set, expected at least one; pass its path');
  }
  const found: {
    path: string;
    split: string;
    single: boolean;
    source: DatasetSource;
    dataset: Dataset;
  }[] = [];
  for (const path of paths) {
    const source = await openDataset(path, { imageFolder, onProblem });
    const single = source.splits.length === 1;
    for (const name of split === undefined ? separateSplits(source) : [split]) {
      found.push({ path, split: name, single, source, dataset: await source.read(name) });
    }
  }
  const labels = [
    found.map((one) => one.split),
    found.map(({ path }) => basename(path)),
    found.map((one) => `${one.path} ${one.split}`),
  ];
  const unique = labels.find((names) => new Set(names).size === names.length) ?? labels[2]!;
  return found.map(({ path, split: name, single, source, dataset }, index) => ({
    files: source.files,
    source,
    name: single ? path : `${path} (${name})`,
    label: unique[index]!,
    dataset,
  }));
}
