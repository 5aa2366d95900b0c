import { join } from 'node:path';
import { stringify } from 'yaml';
import { writeWholeFile } from '../../files.ts';
import { LabelNames, SharedCategories } from '../output/label-names.ts';
import { usualSplit } from '../output/usual-split.ts';
import type { DatasetWriter } from '../output/writer.ts';
import { writeYoloLabels } from './write-labels.ts';

/** `images/train/`, `labels/train/` and so on, and a `data.yaml` that YOLO programs read as it is. */
export function yoloWriter(out: string): DatasetWriter {
  const path = join(out, 'data.yaml');
  const shared = new SharedCategories();
  const folders = new Map<string, string[]>();
  return {
    path,
    entries: () => ['images', 'labels', 'data.yaml'],
    imageFolder: (split) => join(out, 'images', split),
    check(dataset, split) {
      shared.check(dataset, split);
      const names = new LabelNames();
      for (const { fileName } of dataset.images) names.claim(fileName);
    },
    async writeSplit(dataset, split, losses) {
      const key = usualSplit(split);
      folders.set(key, [...(folders.get(key) ?? []), `images/${split}`]);
      await writeYoloLabels(dataset, join(out, 'labels', split), losses);
    },
    async finish() {
      // Without `path`, which those programs look for in a folder of their own.
      const entries = [...folders].map(([key, paths]) => [key, paths.length === 1 ? paths[0] : paths]);
      const names = new Map(shared.names?.entries());
      await writeWholeFile(path, stringify({ ...Object.fromEntries(entries), names }));
    },
  };
}
