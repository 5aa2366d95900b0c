import * as z from 'zod';
import { checkChoice } from '../../../foundation/errors/check-range.ts';
import { CONVERT_OPTIONS } from '../../../options/dataset/writing.ts';
import { type ConvertDatasetOptions, convertDataset } from '../../../tasks/datasets/convert-dataset.ts';
import { readFlags } from '../../flags/read-table.ts';
import { runWriting } from '../written-dataset.ts';

const OWN = { json: z.boolean().default(false) };
type Flags = Omit<ConvertDatasetOptions, 'data' | 'from'>;

/** Runs `dataset convert`. Returns the exit code. */
export async function runDatasetConvert(
  from: string,
  input: string,
  raw: Record<string, unknown>,
): Promise<number> {
  const { options, own } = readFlags<Flags, typeof OWN>(CONVERT_OPTIONS, OWN, raw);
  checkChoice('format', from, CONVERT_OPTIONS.from.choices);
  return runWriting(
    (onEvent) =>
      convertDataset(
        { ...options, data: input, from: from as NonNullable<ConvertDatasetOptions['from']> },
        { onEvent },
      ),
    own.json,
  );
}
