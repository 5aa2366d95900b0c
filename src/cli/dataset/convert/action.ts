import * as z from 'zod';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { convertDataset } from '../../../tasks/datasets/convert-dataset.ts';
import { WRITING_CHOICES } from '../../../tasks/datasets/write-dataset.ts';
import { parseFlags } from '../../flags/read-flags.ts';
import { runWriting } from '../written-dataset.ts';

const format = z.enum(WRITING_CHOICES.to, 'expected coco, voc, yolo or darknet');

/** Flags of every command that writes a data set. */
export const writingFlags = {
  out: z.string().min(1, 'expected a folder'),
  to: format,
  split: z.string().optional(),
  transfer: z.enum(WRITING_CHOICES.transfer, 'expected link, copy or none'),
  imageFolder: z.string().optional(),
  vocBoxes: z.enum(WRITING_CHOICES.vocBoxes, 'expected one-based or zero-based').optional(),
  overwrite: z.boolean().default(false),
  json: z.boolean().default(false),
};

const flags = z.strictObject(writingFlags);

/** Runs `dataset convert`. Returns the exit code. */
export async function runDatasetConvert(
  from: string,
  input: string,
  raw: Record<string, unknown>,
): Promise<number> {
  const { json, ...options } = parseFlags(flags, raw);
  const { data: source } = format.safeParse(from);
  if (source === undefined) {
    throw new MicroYoloError(
      'invalid-argument',
      `format ${JSON.stringify(from)}: expected coco, voc, yolo or darknet`,
      { field: 'format', received: from },
    );
  }
  return runWriting((onEvent) => convertDataset({ ...options, data: input, from: source }, onEvent), json);
}
