import { placeOfClass, sameClass } from '../../foundation/classes/class-synonyms.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { Dataset } from '../dataset.ts';
import { joinDatasets } from '../edit/join.ts';
import { readCifar } from '../formats/classification/cifar.ts';
import { labeledImages } from '../formats/classification/dataset.ts';
import { readImageFolder } from '../formats/classification/image-folder.ts';
import { readCoco } from '../formats/coco/read.ts';
import { readVoc } from '../formats/voc/read.ts';
import { unlistedAnnotations } from '../formats/voc/unlisted.ts';
import type { OpenDatasetOptions } from '../source.ts';
import { findPath } from '../written-path.ts';
import type { Description } from './description-file.ts';
import { withForeignName } from './foreign-file.ts';

/**
 * Replaces the class names of a file with those of its description, which may be synonyms, such as `couch` for `sofa`.
 * @throws MicroYoloError `invalid-file` if the file's classes are not those of its description
 */
function withClasses(dataset: Dataset, classes: readonly string[] | undefined, file: string): Dataset {
  if (!classes) return dataset;
  const own = dataset.categories.map(({ name }) => name);
  const names = own.map((name) => {
    const described = classes[placeOfClass(name, classes)];
    // If two names of the file mean the same class, the description must list both.
    const isAlone = own.filter((other) => sameClass(name, other)).length === 1;
    return isAlone ? (described ?? name) : name;
  });
  const other =
    names.find((name) => !classes.includes(name)) ?? classes.find((name) => !names.includes(name));
  if (other === undefined) {
    const categories = dataset.categories.map((category, place) => ({ ...category, name: names[place]! }));
    return { ...dataset, categories };
  }
  const where = names.includes(other)
    ? 'is not in the description'
    : 'is in the description but not in the file';
  throw new MicroYoloError(
    'invalid-file',
    `${file}: class ${JSON.stringify(other)} ${where}; fix "classes"`,
    { path: file },
  );
}

/** The COCO files that a description names. */
export async function annotationFiles(description: Description): Promise<readonly string[]> {
  if (description.format !== 'coco') return [];
  const parts = Object.values(description.splits).flat();
  return Promise.all(parts.map(({ annotations }) => findPath(description.folder, annotations)));
}

/** Annotation files in the described folders that no split list names. */
export async function describedUnlisted(description: Description): Promise<readonly string[]> {
  if (description.format !== 'voc') return [];
  const parts = Object.values(description.splits).flat();
  const folders = new Set(parts.filter(({ set }) => set !== undefined).map((part) => part.folder));
  const unlisted: string[] = [];
  for (const folder of folders) {
    unlisted.push(...(await unlistedAnnotations(await findPath(description.folder, folder))));
  }
  return unlisted;
}

/** Reads a split as the description specifies. */
export async function readDescribed(
  description: Description,
  split: string,
  options: OpenDatasetOptions,
): Promise<Dataset> {
  const { onProblem, imageSizes } = options;
  const { folder, classes } = description;
  const checked = (dataset: Dataset, file: string) => withClasses(dataset, classes, file);
  const readAll = async <T>(parts: readonly T[] | undefined, read: (part: T) => Promise<Dataset>) => {
    const datasets: Dataset[] = [];
    for (const part of parts ?? []) datasets.push(await read(part));
    return joinDatasets(datasets);
  };
  switch (description.format) {
    case 'coco':
      return readAll(description.splits[split], async ({ annotations, images }) => {
        const file = await findPath(folder, annotations);
        const imageFolder =
          options.imageFolder ?? (images === undefined ? undefined : await findPath(folder, images));
        const dataset = readCoco(file, { imageFolder, imageSizes, onProblem });
        const read = await dataset.catch(async (error: unknown) =>
          Promise.reject(await withForeignName(file, error)),
        );
        return checked(read, file);
      });
    case 'voc':
      return readAll(description.splits[split], async (part) =>
        readVoc(await findPath(folder, part.folder), {
          split: part.set,
          classes,
          boxes: options.vocBoxes ?? description.boxes,
          imageSizes,
          onProblem,
        }),
      );
    case 'image-folder':
      return readAll(description.splits[split], async (part) => {
        const images = await findPath(folder, part.folder);
        return checked(await labeledImages(await readImageFolder(images), folder, onProblem), images);
      });
    case 'cifar':
      return readAll(description.splits[split], async ({ set }) =>
        checked(await labeledImages(await readCifar(folder, set), folder, onProblem), folder),
      );
  }
}
