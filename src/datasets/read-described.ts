import { join } from 'node:path';
import { MicroYoloError } from '../errors.ts';
import { readCoco } from './coco/read.ts';
import type { Dataset } from './dataset.ts';
import type { Description } from './description-file.ts';
import { joinDatasets } from './join.ts';
import type { OpenDatasetOptions } from './source.ts';
import { readVoc } from './voc/read.ts';

/** @throws MicroYoloError where the file's classes are not those of its description */
function checkClasses(dataset: Dataset, classes: readonly string[] | undefined, file: string): Dataset {
  if (!classes) return dataset;
  const names = dataset.categories.map(({ name }) => name);
  const other =
    names.find((name) => !classes.includes(name)) ?? classes.find((name) => !names.includes(name));
  if (other === undefined) return dataset;
  const where = names.includes(other) ? 'the description does not list' : 'has not';
  throw new MicroYoloError(
    'invalid-file',
    `${file}: class ${JSON.stringify(other)} ${where}; mend "classes"`,
  );
}

/** Reads a split as its description says. */
export async function readDescribed(
  description: Description,
  split: string,
  options: OpenDatasetOptions,
): Promise<Dataset> {
  const { onProblem } = options;
  const { folder, classes } = description;
  const parts: Dataset[] = [];
  if (description.format === 'coco') {
    for (const { annotations, images } of description.splits[split]!) {
      const file = join(folder, annotations);
      const imageFolder = options.imageFolder ?? (images === undefined ? undefined : join(folder, images));
      parts.push(checkClasses(await readCoco(file, { imageFolder, onProblem }), classes, file));
    }
  } else {
    const { boxes } = description;
    for (const part of description.splits[split]!) {
      parts.push(await readVoc(join(folder, part.folder), { split: part.set, classes, boxes, onProblem }));
    }
  }
  return joinDatasets(parts);
}
