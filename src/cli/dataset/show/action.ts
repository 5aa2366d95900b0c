import { counted } from '../../../foundation/counted.ts';
import { SHOW_OPTIONS } from '../../../options/dataset/show.ts';
import { type ShowDatasetOptions, showDataset } from '../../../tasks/datasets/show-dataset.ts';
import { inFlags } from '../../flags/option-flags.ts';
import { readFlags } from '../../flags/read-table.ts';
import { EXIT } from '../../terminal/report.ts';

type Flags = Omit<ShowDatasetOptions, 'data'>;

/** Runs `dataset show`. Returns the exit code. */
export async function runDatasetShow(data: string, raw: Record<string, unknown>): Promise<number> {
  const { options } = readFlags<Flags, Record<never, never>>(SHOW_OPTIONS, {}, raw);
  const shown = await showDataset({ ...options, data });
  for (const { message } of shown.skipped) console.error(inFlags(`skipped: ${message}`));
  for (const note of shown.notes) console.error(inFlags(`note: ${note}`));
  console.log(
    `${counted(shown.images, 'image')} with ${counted(shown.boxes, 'box', 'boxes')} drawn in ${options.out}`,
  );
  return shown.skipped.length > 0 ? EXIT.skipped : EXIT.done;
}
