import { inLargePieces, writeWholeFile } from '../../files.ts';
import type { AnnotationTable, Category, Dataset, DatasetImage } from '../dataset.ts';

function imageRecord({ id, fileName, width, height, extra }: DatasetImage): string {
  return JSON.stringify({ id, file_name: fileName, width, height, ...extra });
}

function categoryRecord({ id, name, extra }: Category): string {
  return JSON.stringify({ id, name, ...extra });
}

function annotationRecord(dataset: Dataset, row: number): string {
  const table: AnnotationTable = dataset.annotations;
  return JSON.stringify({
    id: table.ids[row],
    image_id: dataset.images[table.images[row]!]!.id,
    category_id: dataset.categories[table.categories[row]!]!.id,
    bbox: [...table.boxes.subarray(row * 4, row * 4 + 4)],
    area: table.areas[row],
    iscrowd: table.crowd[row],
    ...table.extraOf(row),
  });
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
 * Writes detection data as a COCO file, one record a line. Nothing is lost.
 * @throws MicroYoloError `not-writable`
 */
export async function writeCoco(dataset: Dataset, path: string): Promise<void> {
  await writeWholeFile(path, inLargePieces(cocoText(dataset)));
}
