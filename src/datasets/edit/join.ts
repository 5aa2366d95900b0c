import { relative, sep } from 'node:path';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { commonFolder } from '../../foundation/files/folders.ts';
import type { AnnotationTable, Category, Dataset, DatasetImage } from '../dataset.ts';

function joinTables(
  parts: readonly Dataset[],
  imageOffsets: readonly number[],
  placeOf: ReadonlyMap<string, number>,
): AnnotationTable {
  const count = parts.reduce((sum, { annotations }) => sum + annotations.count, 0);
  const table = {
    count,
    ids: Float64Array.from({ length: count }, (_, row) => row + 1),
    images: new Int32Array(count),
    categories: new Int32Array(count),
    boxes: new Float64Array(count * 4),
    areas: new Float64Array(count),
    crowd: new Uint8Array(count),
  };
  const starts: number[] = [];
  let row = 0;
  for (const [index, { annotations, categories }] of parts.entries()) {
    starts.push(row);
    table.boxes.set(annotations.boxes, row * 4);
    table.areas.set(annotations.areas, row);
    table.crowd.set(annotations.crowd, row);
    for (let old = 0; old < annotations.count; old++, row++) {
      table.images[row] = imageOffsets[index]! + annotations.images[old]!;
      table.categories[row] = placeOf.get(categories[annotations.categories[old]!]!.name)!;
    }
  }
  return {
    ...table,
    extraOf: (wanted) => {
      const index = starts.findLastIndex((start) => start <= wanted);
      return parts[index]?.annotations.extraOf(wanted - starts[index]!) ?? {};
    },
    mayHave: (field) => parts.some(({ annotations }) => annotations.mayHave(field)),
  };
}

/**
 * Joins data sets into one. Categories with the same name are merged, and images and annotations are renumbered.
 * Image names become relative to the common parent folder.
 */
export function joinDatasets(parts: readonly Dataset[]): Dataset {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const categories = new Map<string, Category>();
  const ids = new Set<number>();
  for (const category of parts.flatMap((part) => part.categories)) {
    if (categories.has(category.name)) continue;
    if (ids.has(category.id)) {
      const problem = `category id ${category.id}: has different names in two parts of the data set`;
      throw new MicroYoloError('invalid-file', `${problem}; list the classes in its description`);
    }
    ids.add(category.id);
    categories.set(category.name, category);
  }
  const placeOf = new Map([...categories.keys()].map((name, place) => [name, place]));
  const folder = commonFolder(parts.map(({ imageFolder }) => `${imageFolder}${sep}image`));
  const images: DatasetImage[] = [];
  const offsets: number[] = [];
  for (const part of parts) {
    offsets.push(images.length);
    const prefix = relative(folder, part.imageFolder).replaceAll(sep, '/');
    for (const image of part.images) {
      const fileName = prefix === '' ? image.fileName : `${prefix}/${image.fileName}`;
      images.push({ ...image, id: images.length + 1, fileName });
    }
  }
  return {
    ...(only?.task ? { task: only.task } : {}),
    images,
    categories: [...categories.values()],
    annotations: joinTables(parts, offsets, placeOf),
    imageFolder: folder,
    extra: only?.extra ?? {},
  };
}
