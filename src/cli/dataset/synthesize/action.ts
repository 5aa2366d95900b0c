import * as z from 'zod';
import { counted } from '../../../foundation/counted.ts';
import { SYNTHESIZE_OPTIONS } from '../../../options/dataset/synthesize.ts';
import {
  type SynthesizedSplit,
  type SynthesizeOptions,
  synthesizeDataset,
} from '../../../tasks/datasets/synthesize-dataset.ts';
import { readFlags } from '../../flags/read-table.ts';
import { Progress } from '../../terminal/progress.ts';
import { EXIT } from '../../terminal/report.ts';

const OWN = { json: z.boolean().default(false) };

/** Runs `dataset synthesize`. Returns the exit code. */
export async function runDatasetSynthesize(raw: Record<string, unknown>): Promise<number> {
  const { options, own } = readFlags<SynthesizeOptions, typeof OWN>(SYNTHESIZE_OPTIONS, OWN, raw);
  const progress = new Progress('images');
  let splits: readonly SynthesizedSplit[];
  try {
    splits = await synthesizeDataset(options, {
      onEvent: (event) => {
        if (event.type === 'started') progress.start(event.total);
        else progress.step();
      },
    });
  } finally {
    progress.stop();
  }
  if (own.json) console.log(JSON.stringify(splits, null, 2));
  else
    for (const { annotations, images, objects } of splits)
      console.log(`${annotations}: ${counted(images, 'image')}, ${counted(objects, 'object')}`);
  return EXIT.done;
}
