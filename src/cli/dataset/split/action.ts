import * as z from 'zod';
import { printable } from '../../../foundation/errors/errors.ts';
import { SPLIT_OPTIONS } from '../../../options/dataset/split.ts';
import {
  type SplitDatasetFilesOptions,
  splitDatasetFiles,
  type WrittenSplits,
} from '../../../tasks/datasets/split-dataset.ts';
import { inFlags } from '../../flags/option-flags.ts';
import { readFlags } from '../../flags/read-table.ts';
import { runWriting } from '../written-dataset.ts';

const OWN = { json: z.boolean().default(false) };
type Flags = Omit<SplitDatasetFilesOptions, 'data'>;

const count = (value: number) => value.toLocaleString('en-US');

function printSplits(
  { from, nearDuplicates: { images, groups }, warnings }: WrittenSplits,
  isRead: boolean,
): void {
  if (from.length > 1)
    console.log(printable(`combined before splitting: ${from.join(', ')} (--split chooses one)`));
  const inGroups = groups > 0 ? `${count(images)} images in ${count(groups)} groups` : 'none';
  if (isRead) console.log(`near-identical images kept together: ${inGroups}`);
  for (const warning of warnings) console.error(inFlags(`warning: ${warning}`));
}

/** Runs `dataset split`. Returns the exit code. */
export async function runDatasetSplit(input: string, raw: Record<string, unknown>): Promise<number> {
  const { options, own } = readFlags<Flags, typeof OWN>(SPLIT_OPTIONS, OWN, raw);
  return runWriting(
    (onEvent) => splitDatasetFiles({ ...options, data: input }, { onEvent }),
    own.json,
    (written) => printSplits(written, options.nearDuplicates !== 'ignore'),
  );
}
