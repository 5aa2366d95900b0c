import * as z from 'zod';
import { printable } from '../../../foundation/errors/errors.ts';
import {
  NEAR_DUPLICATES,
  splitDatasetFiles,
  type WrittenSplits,
} from '../../../tasks/datasets/split-dataset.ts';
import { inFlags } from '../../flags/option-flags.ts';
import { integerFlag, numberFlag, parseFlags } from '../../flags/read-flags.ts';
import { writingFlags } from '../convert/action.ts';
import { runWriting } from '../written-dataset.ts';

const flags = z.strictObject({
  ...writingFlags,
  to: writingFlags.to.optional(),
  val: numberFlag(0, 1).optional(),
  test: numberFlag(0, 1).optional(),
  seed: integerFlag(0, 2 ** 31 - 1),
  nearDuplicates: z.enum(NEAR_DUPLICATES, `expected ${NEAR_DUPLICATES.join(' or ')}`),
});

const count = (value: number) => value.toLocaleString('en-US');

function printSplits(
  { from, nearDuplicates: { images, groups }, warnings }: WrittenSplits,
  isRead: boolean,
): void {
  if (from.length > 1)
    console.log(printable(`joined before the split: ${from.join(', ')} (--split chooses one)`));
  const inGroups = groups > 0 ? `${count(images)} images in ${count(groups)} groups` : 'none';
  if (isRead) console.log(`near-identical images kept together: ${inGroups}`);
  for (const warning of warnings) console.error(inFlags(`warning: ${warning}`));
}

/** Runs `dataset split`. Returns the exit code. */
export async function runDatasetSplit(input: string, raw: Record<string, unknown>): Promise<number> {
  const { json, ...options } = parseFlags(flags, raw);
  return runWriting(
    (onEvent) => splitDatasetFiles({ ...options, data: input }, { onEvent }),
    json,
    (written) => printSplits(written, options.nearDuplicates === 'together'),
  );
}
