import * as z from 'zod';
import { splitOptions } from '../../../foundation/errors/option-row.ts';
import { PART_OPTIONS } from '../../../options/dataset/subset.ts';
import { REWRITING_OPTIONS } from '../../../options/dataset/writing.ts';
import { type SubsetDatasetOptions, subsetDatasetFiles } from '../../../tasks/datasets/subset-dataset.ts';
import { readFlags } from '../../flags/read-table.ts';
import { runWriting } from '../written-dataset.ts';

const OWN = { json: z.boolean().default(false) };
type Part = SubsetDatasetOptions['subset'];
type Flags = Omit<SubsetDatasetOptions, 'data' | 'subset'> & Part;

/** Runs `dataset subset`. Returns the exit code. */
export async function runDatasetSubset(input: string, raw: Record<string, unknown>): Promise<number> {
  const table = { ...REWRITING_OPTIONS, ...PART_OPTIONS };
  const { options, own } = readFlags<Flags, typeof OWN>(table, OWN, raw);
  const [subset, rest] = splitOptions(options, PART_OPTIONS);
  return runWriting(
    (onEvent) => subsetDatasetFiles({ ...rest, data: input, subset } as SubsetDatasetOptions, { onEvent }),
    own.json,
  );
}
