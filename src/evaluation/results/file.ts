import type { Dataset } from '../../datasets/dataset.ts';
import { parseElements } from '../../datasets/formats/coco/parse-elements.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { isFolder } from '../../foundation/files/folders.ts';
import { readUtf8 } from '../../foundation/files/text.ts';
import { inLargePieces, writeWholeFile } from '../../foundation/files/write.ts';
import { DetectionList } from '../detection-list.ts';
import { NamedResults } from './named-results.ts';
import { isImageResults, parseImageResults, parseRow } from './row.ts';
import { RESULTS, resultsList } from './shape.ts';

/** Detections of a results file, with the data set's ids. */
export interface MatchedResults {
  /** Detections of images and classes that are in the data. */
  readonly detections: DetectionList;
  /** Number of named detections whose images or classes are not in the data. They are not in the list. */
  readonly leftOut: number;
  /** Notes on how names were matched, one line each. */
  readonly notes: readonly string[];
}

async function readRecords(path: string, dataset: Dataset | undefined): Promise<MatchedResults> {
  if (await isFolder(path)) {
    throw new MicroYoloError(
      'invalid-file',
      `${path}: is a folder, expected one file: ${RESULTS}; YOLO label files are not enough for mAP; Ultralytics writes such a list with save_json=True`,
      { path },
    );
  }
  const list = resultsList(await readUtf8(path, RESULTS), path);
  const { bytes, ranges, key } = list;
  const detections = new DetectionList();
  const named = new NamedResults(dataset, list, path);
  for (const element of parseElements(bytes, ranges)) {
    const fail = (problem: string): never => {
      throw new MicroYoloError(
        'invalid-file',
        `${path}: ${key}[${element.index}]: ${problem}; write the file again`,
        { path },
      );
    };
    if ('error' in element) return fail(element.error);
    if (isImageResults(element.value)) {
      const image = parseImageResults(element.value);
      if (typeof image === 'string') return fail(image);
      named.addImage(image);
      continue;
    }
    const row = parseRow(element.value);
    if (typeof row === 'string') return fail(row);
    const { image, category, box, score } = row;
    if (typeof image === 'number' && typeof category === 'number' && !named.renumbers)
      detections.add(image, category, box, score);
    else named.add(row);
  }
  const { leftOut, notes } = named.matchInto(detections);
  // Other kinds of files may have a list with the same name.
  const found =
    key === '' ? [] : [`${path}: an object, not a list; the detections are read from its "${key}"`];
  return { detections, leftOut, notes: [...found, ...notes] };
}

/**
 * Reads detections in pycocotools' format: a JSON array of { image_id, category_id, bbox, score }, or an object that
 * contains it.
 * @throws MicroYoloError `not-found`; or `invalid-file`, naming the invalid row or the kind of file
 */
export async function readResults(path: string): Promise<DetectionList> {
  return (await readRecords(path, undefined)).detections;
}

/**
 * Reads detections of a data set's images. In addition to pycocotools' format, images and classes may be named, as
 * in the output of `detect --json`. A COCO data set with scores in its annotations is also accepted; its ids then
 * refer to its own images and categories.
 * @throws MicroYoloError as `readResults`, or `invalid-file` if two images of the file match the same image of the
 * data
 */
export function matchResults(path: string, dataset: Dataset): Promise<MatchedResults> {
  return readRecords(path, dataset);
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
