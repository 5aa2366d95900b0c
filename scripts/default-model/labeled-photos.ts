import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { labelDataset } from '../../src/api/datasets.ts';
import { MicroYoloError } from '../../src/api/index.ts';
import { readDescription } from '../../src/datasets/open/description-file.ts';

/** A labeler sees small objects best in a large input. */
const LABEL_SIZE = 640;
/** How often the data set's own images are listed: they are few, and their labels are correct. */
const OWN_COPIES = 2;

export interface LabeledPhotosOptions {
  /** COCO description of a data set with `train` and `val`. */
  readonly data: string;
  /** Folders of photos without labels. */
  readonly photos: readonly string[];
  /** Detector that labels them. */
  readonly labeler: string;
  /** Folder for labels and description. */
  readonly folder: string;
  readonly threads: number | undefined;
}

/**
 * Labels photos, unless that is done, and describes them together with a data set.
 * @returns path of the description
 */
export async function labeledPhotos(options: LabeledPhotosOptions): Promise<string> {
  const { data, photos, labeler, folder, threads } = options;
  mkdirSync(folder, { recursive: true });
  const labels = join(folder, 'labels');
  if (!existsSync(labels)) {
    const { images, objects, ignored } = await labelDataset(
      { images: photos, models: [labeler], size: LABEL_SIZE, threads, out: labels },
      {
        onEvent: (event) => {
          if (event.type === 'started' && event.done !== undefined)
            console.log(`${event.done} of ${event.total} images are labeled`);
        },
      },
    );
    console.log(`${images} images: ${objects} objects, ${ignored} ignored boxes`);
  }
  const description = await readDescription(data);
  if (description.format !== 'coco') {
    throw new MicroYoloError('invalid-argument', `${data}: format ${description.format}, expected coco`);
  }
  const own = (split: string) =>
    (description.splits[split] ?? []).map(({ annotations, images = '.' }) => ({
      annotations: resolve(description.folder, annotations),
      images: resolve(description.folder, images),
    }));
  const pool = { annotations: resolve(labels, 'train.json'), images: resolve(labels, 'train') };
  const copies = Array.from({ length: OWN_COPIES }, () => own('train')).flat();
  const { name, format, classes } = description;
  const joined = { name, format, path: '.', classes, splits: { train: [...copies, pool], val: own('val') } };
  const file = join(folder, 'data.yaml');
  writeFileSync(file, stringify(JSON.parse(JSON.stringify(joined))));
  return file;
}
