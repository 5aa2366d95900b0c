import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { writeWholeFile } from '../../../foundation/files/write.ts';
import { LabelNames, SharedCategories } from '../../output/label-names.ts';
import { UsualSplits } from '../../output/usual-splits.ts';
import type { DatasetWriter } from '../../output/writer.ts';
import { labelPaths } from './image-files.ts';
import { writeYoloLabels } from './write-labels.ts';

/** Quoted strings, because some programs read YAML 1.1, in which `no` is a boolean. */
const QUOTED = { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' } as const;

/** Writes `images/train/`, `labels/train/` and so on, and a `data.yaml` that YOLO programs can read. */
export function yoloWriter(out: string): DatasetWriter {
  const path = join(out, 'data.yaml');
  const shared = new SharedCategories();
  const splits = new UsualSplits();
  const folders = new Map<string, string>();
  return {
    marksCrowds: false,
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
      // Readers replace the last `images/` in a path, which may be part of the image's name.
      const pathOf = (fileName: string) => labelPaths(resolve(out, 'images', split, fileName))[0]!;
      await writeYoloLabels(dataset, pathOf, losses);
    },
    async finish() {
      // Without `path`: YOLO programs would resolve it against their own data folder.
      const names = new Map(shared.names?.entries());
      await writeWholeFile(path, stringify({ ...Object.fromEntries(folders), names }, QUOTED));
    },
  };
}
