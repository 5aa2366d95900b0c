import { inLargePieces, writeWholeFile } from '../../../foundation/files/write.ts';
import type { AnnotationTable, Category, Dataset, DatasetImage, Extra } from '../../dataset.ts';

/** Formats a record: own keys first, then additional ones. Own keys win. */
const recordText = (own: object, extra: Extra | undefined) => JSON.stringify({ ...own, ...extra, ...own });

function imageRecord({ id, fileName, width, height, extra }: DatasetImage): string {
  return recordText({ id, file_name: fileName, width, height }, extra);
}

function categoryRecord({ id, name, extra }: Category): string {
  return recordText({ id, name }, extra);
}

function annotationRecord(dataset: Dataset, row: number): string {
  const table: AnnotationTable = dataset.annotations;
  const own = {
    id: table.ids[row],
    image_id: dataset.images[table.images[row]!]!.id,
    category_id: dataset.categories[table.categories[row]!]!.id,
    bbox: [...table.boxes.subarray(row * 4, row * 4 + 4)],
    area: table.areas[row],
    iscrowd: table.crowd[row],
  };
  return recordText(own, table.extraOf(row));
}

function* array(key: string, records: Iterable<string>): Generator<string> {
  yield `,\n${JSON.stringify(key)}: [`;
  let separator = '\n';
  for (const record of records) {
    yield `${separator}${record}`;
    separator = ',\n';
  }
  yield '\n]';
}

function* annotationRecords(dataset: Dataset): Generator<string> {
  for (let row = 0; row < dataset.annotations.count; row++) yield annotationRecord(dataset, row);
}

function* cocoText(dataset: Dataset): Generator<string> {
  const { info = {}, ...others } = dataset.extra;
  yield `{"info": ${JSON.stringify(info)}`;
  for (const [key, value] of Object.entries(others)) {
    yield `,\n${JSON.stringify(key)}: ${JSON.stringify(value)}`;
  }
  yield* array('images', dataset.images.map(imageRecord));
  yield* array('annotations', annotationRecords(dataset));
  yield* array('categories', dataset.categories.map(categoryRecord));
  yield '\n}\n';
}

/**
 * Writes detection data as a COCO file, one record per line. Additional fields are lost only if they have the name of
 * one of COCO's own keys.
 * @throws MicroYoloError `not-writable`
 */
export async function writeCoco(dataset: Dataset, path: string): Promise<void> {
  await writeWholeFile(path, inLargePieces(cocoText(dataset)));
}
