import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { writeWholeFile } from '../../../foundation/files/write.ts';
import { LabelNames, SharedCategories } from '../../output/label-names.ts';
import { UsualSplits } from '../../output/usual-splits.ts';
import type { DatasetWriter } from '../../output/writer.ts';
import { labelPaths } from './image-files.ts';
import { writeYoloLabels } from './write-labels.ts';

/** For programs that read YAML 1.1, where `no` is a boolean. */
const QUOTED = { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' } as const;

/** `images/train/`, `labels/train/` and so on, and a `data.yaml` that YOLO programs read as it is. */
export function yoloWriter(out: string): DatasetWriter {
  const path = join(out, 'data.yaml');
  const shared = new SharedCategories();
  const splits = new UsualSplits();
  const folders = new Map<string, string>();
  return {
    path,
    entries: () => ['images', 'labels', 'data.yaml'],
    imageFolder: (split) => join(out, 'images', split),
    check(dataset, split) {
      shared.check(dataset, split);
      splits.claim(split);
      const names = new LabelNames();
      for (const { fileName } of dataset.images) names.claim(fileName);
    },
    async writeSplit(dataset, split, losses) {
      folders.set(splits.keyOf(split), `images/${split}`);
      // Readers go by the last `images/` of a path, which may be one of the image's name.
      const pathOf = (fileName: string) => labelPaths(resolve(out, 'images', split, fileName))[0]!;
      await writeYoloLabels(dataset, pathOf, losses);
    },
    async finish() {
      // Without `path`, which those programs look for in a folder of their own.
      const names = new Map(shared.names?.entries());
      await writeWholeFile(path, stringify({ ...Object.fromEntries(folders), names }, QUOTED));
    },
  };
}
