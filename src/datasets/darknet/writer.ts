import { join } from 'node:path';
import { writeWholeFile } from '../../files.ts';
import { LabelNames, SharedCategories } from '../output/label-names.ts';
import { usualSplit } from '../output/usual-split.ts';
import type { DatasetWriter } from '../output/writer.ts';
import { writeYoloLabels } from '../yolo/write-labels.ts';

/** Darknet's word for a split. */
const keyOf = (split: string) => (split === 'val' ? 'valid' : split);

/**
 * `train/` with images and labels side by side, `train.txt` and so on, `classes.names` and `dataset.data`, with
 * paths as Darknet wants them when it is started in the folder.
 */
export function darknetWriter(out: string): DatasetWriter {
  const path = join(out, 'dataset.data');
  const shared = new SharedCategories();
  const lists = new Map<string, string>();
  return {
    path,
    entries: (splits) => [
      ...splits,
      ...new Set(splits.map((split) => `${usualSplit(split)}.txt`)),
      'classes.names',
      'dataset.data',
    ],
    imageFolder: (split) => join(out, split),
    check(dataset, split) {
      shared.check(dataset, split);
      const names = new LabelNames();
      for (const { fileName } of dataset.images) names.claim(fileName);
    },
    async writeSplit(dataset, split, losses) {
      await writeYoloLabels(dataset, join(out, split), losses);
      const images = dataset.images.map(({ fileName }) => `${split}/${fileName}\n`).join('');
      lists.set(usualSplit(split), (lists.get(usualSplit(split)) ?? '') + images);
    },
    async finish() {
      for (const [split, images] of lists) await writeWholeFile(join(out, `${split}.txt`), images);
      const names = shared.names ?? [];
      await writeWholeFile(join(out, 'classes.names'), names.map((name) => `${name}\n`).join(''));
      const keys = [...lists.keys()].map((split) => `${keyOf(split)} = ${split}.txt\n`).join('');
      await writeWholeFile(
        path,
        `classes = ${names.length}\n${keys}names = classes.names\nbackup = backup\n`,
      );
    },
  };
}
