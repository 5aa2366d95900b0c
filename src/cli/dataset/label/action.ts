import * as z from 'zod';
import { counted } from '../../../foundation/counted.ts';
import { LABEL_OPTIONS } from '../../../options/dataset/label.ts';
import type { LabelDatasetEvent } from '../../../tasks/label/events.ts';
import {
  type LabelDatasetOptions,
  type LabeledDataset,
  labelDataset,
} from '../../../tasks/label/label-dataset.ts';
import { localModel } from '../../flags/local-model.ts';
import { readFlags } from '../../flags/read-table.ts';
import { ImageProgress } from '../../terminal/image-progress.ts';
import { EXIT } from '../../terminal/report.ts';

const OWN = { json: z.boolean().default(false) };
type Flags = Omit<LabelDatasetOptions, 'images'>;

function printLabeled({ images, objects, ignored, path, losses, format }: LabeledDataset): void {
  console.log(
    `${counted(images, 'image')}, ${counted(objects, 'object')}, ${counted(ignored, 'box to ignore', 'boxes to ignore')}`,
  );
  for (const loss of losses) console.log(`lost in ${format}: ${loss}`);
  console.log(`written as ${format}: ${path}`);
}

/** Runs `dataset label`. Returns the exit code. */
export async function runDatasetLabel(
  images: readonly string[],
  raw: Record<string, unknown>,
): Promise<number> {
  const { options, own } = readFlags<Flags, typeof OWN>(LABEL_OPTIONS, OWN, raw);
  const models: string[] = [];
  for (const source of options.models) models.push(await localModel(source));
  const progress = new ImageProgress();
  const onEvent = (event: LabelDatasetEvent) => {
    if (event.type === 'started' && event.runtime !== undefined) {
      const { total, done = 0 } = event;
      if (done > 0) progress.note(`${done} of ${total} images are already labeled`);
      progress.start(total - done);
    } else if (event.type === 'item' && event.image !== undefined) progress.step();
    else if (event.type === 'skipped') progress.skip(event.error);
    else if (event.type === 'note') progress.note(event.message);
    else if (event.type === 'problem') progress.note(`${event.problem.place}: ${event.problem.message}`);
  };
  let labeled: LabeledDataset;
  try {
    labeled = await labelDataset({ ...options, images, models }, { onEvent });
  } finally {
    progress.stop();
  }
  if (own.json) console.log(JSON.stringify(labeled, null, 2));
  else printLabeled(labeled);
  return progress.skipped > 0 ? EXIT.skipped : EXIT.done;
}
