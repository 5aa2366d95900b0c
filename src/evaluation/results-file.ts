import { parseElements } from '../datasets/coco/parse-elements.ts';
import { scanJsonArray } from '../datasets/coco/scan-json.ts';
import { shown } from '../datasets/problems.ts';
import { readUtf8 } from '../text.ts';
import { MicroYoloError } from '../errors.ts';
import { inLargePieces, writeWholeFile } from '../files.ts';
import { DetectionList } from './detection-list.ts';

/** What is wrong with a row of a results file, if anything. */
function fault(row: unknown): string | undefined {
  if (typeof row !== 'object' || row === null)
    return `${shown(row)}, expected an object with image_id, category_id, bbox and score`;
  const { image_id, category_id, bbox, score } = row as Readonly<Record<string, unknown>>;
  if (!Number.isSafeInteger(image_id)) return `image_id ${shown(image_id)}, expected a whole number`;
  if (!Number.isSafeInteger(category_id)) return `category_id ${shown(category_id)}, expected a whole number`;
  if (!Array.isArray(bbox) || bbox.length !== 4 || !bbox.every(Number.isFinite)) {
    return `bbox ${shown(bbox)}, expected four numbers (left, top, width, height)`;
  }
  if (!Number.isFinite(score)) return `score ${shown(score)}, expected a number`;
  return undefined;
}

/**
 * Reads detections in pycocotools' format: a JSON array of { image_id, category_id, bbox, score }.
 * @throws MicroYoloError `not-found`, or `invalid-file` naming the row at fault
 */
export async function readResults(path: string): Promise<DetectionList> {
  const bytes = await readUtf8(path, 'a JSON array of detections');
  const detections = new DetectionList();
  for (const element of parseElements(bytes, scanJsonArray(bytes, path))) {
    const problem = 'error' in element ? element.error : fault(element.value);
    if (problem !== undefined) {
      throw new MicroYoloError(
        'invalid-file',
        `${path}: [${element.index}]: ${problem}; write the file again`,
      );
    }
    const { value } = element as {
      value: { image_id: number; category_id: number; bbox: number[]; score: number };
    };
    detections.add(value.image_id, value.category_id, value.bbox, value.score);
  }
  return detections;
}

/**
 * Writes detections in pycocotools' format, atomically.
 * @throws MicroYoloError `not-writable`
 */
export async function writeResults(
  path: string,
  { imageIds, categoryIds, boxes, scores, count }: DetectionList,
): Promise<void> {
  function* text(): Generator<string> {
    for (let row = 0; row < count; row++) {
      const record = {
        image_id: imageIds[row],
        category_id: categoryIds[row],
        bbox: Array.from(boxes.subarray(4 * row, 4 * row + 4)),
        score: scores[row],
      };
      yield `${row === 0 ? '[' : ',\n'}${JSON.stringify(record)}`;
    }
    yield count === 0 ? '[]\n' : ']\n';
  }
  await writeWholeFile(path, inLargePieces(text()));
}
