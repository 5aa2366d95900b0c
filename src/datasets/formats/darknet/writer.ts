import { join } from 'node:path';
import { writeWholeFile } from '../../../foundation/files/write.ts';
import { withoutEnding } from '../../image-name.ts';
import { LabelNames, SharedCategories } from '../../output/label-names.ts';
import { UsualSplits } from '../../output/usual-splits.ts';
import type { DatasetWriter } from '../../output/writer.ts';
import { writeYoloLabels } from '../yolo/write-labels.ts';

/** Darknet's key for a split. */
const keyOf = (split: string) => (split === 'val' ? 'valid' : split);

/**
 * Writes `train/` with images and labels side by side, `train.txt` and so on, `classes.names` and `dataset.data`. Paths
 * are relative to `out`, so Darknet must be started there.
 */
export function darknetWriter(out: string): DatasetWriter {
  const path = join(out, 'dataset.data');
  const shared = new SharedCategories();
  const usual = new UsualSplits();
  const lists = new Map<string, string>();
  return {
    marksCrowds: false,
    path,
    entries: (splits) => [
      ...splits,
      ...new Set(splits.map((split) => `${usual.keyOf(split)}.txt`)),
      'classes.names',
      'dataset.data',
    ],
    imageFolder: (split) => join(out, split),
    check(dataset, split) {
      shared.check(dataset, split);
      usual.claim(split);
      const names = new LabelNames();
      for (const { fileName } of dataset.images) names.claim(fileName);
    },
    async writeSplit(dataset, split, losses) {
      const pathOf = (fileName: string) => join(out, split, `${withoutEnding(fileName)}.txt`);
      await writeYoloLabels(dataset, pathOf, losses);
      lists.set(usual.keyOf(split), dataset.images.map(({ fileName }) => `${split}/${fileName}\n`).join(''));
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
