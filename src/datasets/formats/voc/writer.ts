import { dirname, join } from 'node:path';
import { makeFolder } from '../../../foundation/files/folders.ts';
import { writeWholeFile } from '../../../foundation/files/write.ts';
import { mapParallel } from '../../../foundation/parallel.ts';
import type { Dataset, Extra } from '../../dataset.ts';
import { withoutEnding } from '../../image-name.ts';
import { LabelNames } from '../../output/label-names.ts';
import { countLosses, type Losses } from '../../output/losses.ts';
import { boxOf, rowsByImage } from '../../output/rows.ts';
import { refuseOwnNames } from '../../output/usual-splits.ts';
import type { DatasetWriter } from '../../output/writer.ts';
import { toVoc, type VocBoxes } from './boxes.ts';
import { VOC_SPLITS } from './folders.ts';
import { formatTag } from './format-xml.ts';

/** Additional fields of VOC files. */
const IMAGE_FIELDS = ['folder', 'path', 'source', 'owner', 'segmented', 'depth'];
const OBJECT_FIELDS = ['pose', 'truncated', 'difficult', 'occluded', 'part', 'point', 'actions'];

const OPEN_FILES = 16;

function pick(extra: Extra | undefined, fields: readonly string[]): Extra {
  return Object.fromEntries(Object.entries(extra ?? {}).filter(([field]) => fields.includes(field)));
}

function formatImage(dataset: Dataset, place: number, rows: readonly number[], boxes: VocBoxes): string {
  const { fileName, width, height, extra } = dataset.images[place]!;
  const { folder = 'JPEGImages', depth = 3, segmented = 0, ...others } = pick(extra, IMAGE_FIELDS);
  const object = rows.map((row) => {
    const [xmin, ymin, xmax, ymax] = toVoc(boxOf(dataset, row), boxes);
    const { name } = dataset.categories[dataset.annotations.categories[row]!]!;
    const {
      pose = 'Unspecified',
      truncated = 0,
      difficult = 0,
      ...rest
    } = pick(dataset.annotations.extraOf(row), OBJECT_FIELDS);
    return { name, pose, truncated, difficult, bndbox: { xmin, ymin, xmax, ymax }, ...rest };
  });
  const annotation = {
    folder,
    filename: fileName,
    ...others,
    size: { width, height, depth },
    segmented,
    object,
  };
  return `${formatTag('annotation', annotation, 0).join('\n')}\n`;
}

function countVocLosses(dataset: Dataset, losses: Losses): void {
  countLosses(dataset, { image: IMAGE_FIELDS, annotation: OBJECT_FIELDS }, losses);
  const { categories, annotations } = dataset;
  const used = new Set(annotations.categories);
  losses.add('%d categories without annotations', categories.filter((_, place) => !used.has(place)).length);
  const names = categories.map(({ name }) => name).sort();
  if (categories.some(({ id, name }) => names[id - 1] !== name))
    losses.add('category ids (VOC has only names)');
}

/** Writes `Annotations/`, `JPEGImages/` and a list for each split in `ImageSets/Main/`. */
export function vocWriter(out: string, boxes: VocBoxes): DatasetWriter {
  const names = new LabelNames();
  return {
    marksCrowds: false,
    path: out,
    entries(splits) {
      refuseOwnNames(splits, VOC_SPLITS);
      return ['Annotations', 'ImageSets', 'JPEGImages'];
    },
    imageFolder: () => join(out, 'JPEGImages'),
    check({ images }) {
      for (const { fileName } of images) names.claim(fileName);
    },
    async writeSplit(dataset, split, losses) {
      countVocLosses(dataset, losses);
      const stems = dataset.images.map(({ fileName }) => withoutEnding(fileName));
      const paths = stems.map((stem) => join(out, 'Annotations', `${stem}.xml`));
      const lists = join(out, 'ImageSets/Main');
      for (const folder of new Set([lists, ...paths.map((path) => dirname(path))])) await makeFolder(folder);
      const rows = rowsByImage(dataset);
      await mapParallel(paths, OPEN_FILES, (path, place) =>
        writeWholeFile(path, formatImage(dataset, place, rows[place]!, boxes), { flush: false }),
      );
      await writeWholeFile(join(lists, `${split}.txt`), stems.map((stem) => `${stem}\n`).join(''));
    },
    finish: async () => {},
  };
}
