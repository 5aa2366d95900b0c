import * as z from 'zod';
import { type SynthesizedSplit, synthesizeDataset } from '../../../tasks/datasets/synthesize-dataset.ts';
import { integerFlag, parseFlags } from '../../flags/read-flags.ts';
import { Progress } from '../../terminal/progress.ts';
import { EXIT } from '../../terminal/report.ts';

const flags = z.strictObject({
  out: z.string(),
  train: integerFlag(0, 999_999),
  val: integerFlag(0, 999_999),
  seed: integerFlag(0, 2 ** 31 - 1),
  size: integerFlag(128, 2048),
  overwrite: z.boolean().default(false),
  json: z.boolean().default(false),
});

/** Runs `dataset synthesize`. Returns the exit code. */
export async function runDatasetSynthesize(raw: Record<string, unknown>): Promise<number> {
  const { json, ...options } = parseFlags(flags, raw);
  const progress = new Progress('images');
  let splits: readonly SynthesizedSplit[];
  try {
    splits = await synthesizeDataset(options, {
      onEvent: (event) => {
        if (event.type === 'started') progress.start(event.images);
        else progress.step();
      },
    });
  } finally {
    progress.stop();
  }
  if (json) console.log(JSON.stringify(splits, null, 2));
  else
    for (const { annotations, images, objects } of splits)
      console.log(`${annotations}: ${images} images, ${objects} objects`);
  return EXIT.done;
}
