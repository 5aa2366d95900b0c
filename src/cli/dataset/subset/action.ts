import * as z from 'zod';
import { subsetDatasetFiles } from '../../../tasks/datasets/subset-dataset.ts';
import { classesFlag, integerFlag, parseFlags } from '../../flags/read-flags.ts';
import { writingFlags } from '../convert/action.ts';
import { runWriting } from '../written-dataset.ts';

const flags = z.strictObject({
  ...writingFlags,
  images: integerFlag(1, 1_000_000_000).optional(),
  classes: classesFlag.optional(),
  seed: integerFlag(0, 2 ** 31 - 1),
  balance: z.boolean().default(false),
  keepEmpty: z.literal(true).optional(),
});

/** Runs `dataset subset`. Returns the exit code. */
export async function runDatasetSubset(input: string, raw: Record<string, unknown>): Promise<number> {
  const { json, classes, images, seed, balance, keepEmpty, ...options } = parseFlags(flags, raw);
  const subset = { classes, images, seed, balance, keepEmpty };
  return runWriting((onEvent) => subsetDatasetFiles({ ...options, data: input, subset }, { onEvent }), json);
}
