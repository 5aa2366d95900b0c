import { MicroYoloError } from '../../errors.ts';
import { readUtf8 } from '../../text.ts';
import type { Category, Dataset, DatasetImage, Extra } from '../dataset.ts';
import { type OnProblem, problemHandler } from '../problems.ts';
import { readAnnotations } from './annotations.ts';
import { ElementRanges } from './element-ranges.ts';
import { findImageFolder } from './image-folder.ts';
import { parseElements } from './parse-elements.ts';
import { BadRecord, parseCategory, parseImage } from './records.ts';
import { type ScannedJson, scanJson } from './scan-json.ts';

export interface ReadCocoOptions {
  /** Folder of the images. @default as `findImageFolder` has it */
  readonly imageFolder?: string | undefined;
  /** Hears of bad records, which are then left out. Without it the first one throws. */
  readonly onProblem?: OnProblem | undefined;
}

const WHAT = 'a COCO file of annotations';

function required(scanned: ScannedJson, key: string, file: string): ElementRanges {
  const ranges = scanned.arrays.get(key);
  if (ranges) return ranges;
  throw new MicroYoloError('invalid-file', `${file}: has no "${key}", expected ${WHAT}; check the path`);
}

/** Records with their places by id. */
function readRecords<T extends { readonly id: number }>(
  bytes: Buffer,
  ranges: ElementRanges,
  parse: (value: unknown) => T | BadRecord,
  bad: 'bad-image-record' | 'bad-category',
  place: (index: number) => string,
  report: OnProblem,
): { readonly records: readonly T[]; readonly places: ReadonlyMap<number, number> } {
  const records: T[] = [];
  const places = new Map<number, number>();
  for (const element of parseElements(bytes, ranges)) {
    const record = 'error' in element ? new BadRecord(bad, element.error) : parse(element.value);
    if (record instanceof BadRecord) {
      report({ kind: record.kind, place: place(element.index), message: record.message });
    } else if (places.has(record.id)) {
      const message = `id ${record.id}, which an earlier one has`;
      report({ kind: 'duplicate-id', place: place(element.index), message });
    } else {
      places.set(record.id, records.length);
      records.push(record);
    }
  }
  return { records, places };
}

/** What the file says beyond images, categories and annotations. */
function readOthers(bytes: Buffer, scanned: ScannedJson, file: string): Extra {
  const entries = [...scanned.others].map(([key, [start, end]]) => {
    try {
      return [key, JSON.parse(bytes.toString('utf8', start, end))] as const;
    } catch (error) {
      const reason = `${key}: not JSON (${(error as Error).message})`;
      throw new MicroYoloError('invalid-file', `${file}: ${reason}; get or write the file again`);
    }
  });
  // Not by assignment: a key `__proto__` would change the object instead of being kept in it.
  return Object.fromEntries(entries);
}

/**
 * Reads detection data in COCO's format. The file is parsed a slice at a time, and stays in memory as bytes:
 * what an annotation has beyond its columns is parsed from there when asked for.
 * @throws MicroYoloError `not-found`, or `invalid-file` with the element at fault
 */
export async function readCoco(path: string, options: ReadCocoOptions = {}): Promise<Dataset> {
  const bytes = await readUtf8(path, WHAT);
  const scanned = scanJson(bytes, ['images', 'categories', 'annotations'], path);
  const report = problemHandler(options.onProblem);
  const place = (key: string) => (index: number) => `${path}: ${key}[${index}]`;

  const imageRanges = required(scanned, 'images', path);
  const images = readRecords<DatasetImage>(
    bytes,
    imageRanges,
    parseImage,
    'bad-image-record',
    place('images'),
    report,
  );
  const categoryRanges = required(scanned, 'categories', path);
  const categories = readRecords<Category>(
    bytes,
    categoryRanges,
    parseCategory,
    'bad-category',
    place('categories'),
    report,
  );
  return {
    images: images.records,
    categories: categories.records,
    annotations: readAnnotations(
      bytes,
      scanned.arrays.get('annotations') ?? new ElementRanges(),
      { images: images.places, categories: categories.places },
      place('annotations'),
      report,
    ),
    imageFolder:
      options.imageFolder ??
      (await findImageFolder(
        path,
        images.records.map(({ fileName }) => fileName),
      )),
    extra: readOthers(bytes, scanned, path),
  };
}
