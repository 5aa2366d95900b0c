import { join } from 'node:path';
import { refuseOwnNames } from '../../output/usual-splits.ts';
import type { DatasetWriter } from '../../output/writer.ts';
import { writeCoco } from './write.ts';

/** `train.json` with its images in `train/`, and so on. */
export function cocoWriter(out: string): DatasetWriter {
  const files: string[] = [];
  return {
    marksCrowds: true,
    entries(splits) {
      refuseOwnNames(splits);
      return splits.flatMap((split) => [split, `${split}.json`]);
    },
    imageFolder: (split) => join(out, split),
    check() {},
    async writeSplit(dataset, split) {
      const file = join(out, `${split}.json`);
      await writeCoco(dataset, file);
      files.push(file);
    },
    finish: async () => {},
    get path() {
      return files.length === 1 ? files[0]! : out;
    },
  };
}
