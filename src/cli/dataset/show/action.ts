import * as z from 'zod';
import { showDataset } from '../../../tasks/datasets/show-dataset.ts';
import { inFlags } from '../../flags/option-flags.ts';
import { classesFlag, integerFlag, parseFlags } from '../../flags/read-flags.ts';
import { EXIT } from '../../terminal/report.ts';

const flags = z.strictObject({
  out: z.string(),
  number: integerFlag(1, 400),
  seed: integerFlag(0, 2 ** 31 - 1),
  classes: classesFlag.optional(),
  split: z.string().optional(),
  images: z.string().optional(),
  cell: integerFlag(64, 2048),
});

/** Runs `dataset show`. Returns the exit code. */
export async function runDatasetShow(data: string, raw: Record<string, unknown>): Promise<number> {
  const { number: images, images: imageFolder, ...options } = parseFlags(flags, raw);
  const shown = await showDataset({ data, images, imageFolder, ...options });
  for (const { message } of shown.skipped) console.error(inFlags(`skipped: ${message}`));
  for (const note of shown.notes) console.error(inFlags(`note: ${note}`));
  console.log(`${shown.images} images with ${shown.boxes} boxes drawn in ${options.out}`);
  return shown.skipped.length > 0 ? EXIT.skipped : EXIT.done;
}
