import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { readUtf8 } from '../../../foundation/files/text.ts';
import type { Category, Dataset, DatasetImage, Extra } from '../../dataset.ts';
import { type OnProblem, problemHandler } from '../../problems.ts';
import type { ImageSizes } from '../../source.ts';
import { readAnnotations } from './annotations.ts';
import { ElementRanges } from './element-ranges.ts';
import { FileNotes } from './file-notes.ts';
import { findImageFolder } from './image-folder.ts';
import { fillImageSizes } from './image-sizes.ts';
import { parseLenientJson } from './lenient-json.ts';
import { parseElements } from './parse-elements.ts';
import { type RecordReader, readRecords } from './read-records.ts';
import { parseCategory, parseImage } from './records.ts';
import { type ScannedJson, scanJson } from './scan-json.ts';

export interface ReadCocoOptions {
  /** Folder of the images. @default the result of `findImageFolder` */
  readonly imageFolder?: string | undefined;
  /** @default 'needed' */
  readonly imageSizes?: ImageSizes | undefined;
  /** Called for each invalid record, which is then skipped. If omitted, the first one throws. */
  readonly onProblem?: OnProblem | undefined;
}

const WHAT = 'a COCO file of annotations';

function required(scanned: ScannedJson, key: string, file: string): ElementRanges {
  const ranges = scanned.arrays.get(key);
  if (ranges) return ranges;
  throw new MicroYoloError('invalid-file', `${file}: has no "${key}", expected ${WHAT}; check the path`, {
    path: file,
  });
}

const IMAGES: RecordReader<DatasetImage> = {
  parse: parseImage,
  // Other fields may differ: a box is at the same position in the same image.
  isSame: (a, b) => a.fileName === b.fileName && a.width === b.width && a.height === b.height,
  nameOf: ({ fileName }) => fileName,
  bad: 'bad-image-record',
  ambiguous: 'duplicate-id',
};

const CATEGORIES: RecordReader<Category> = {
  parse: parseCategory,
  isSame: (a, b) => a.name === b.name,
  nameOf: ({ name }) => name,
  bad: 'bad-category',
  ambiguous: 'ambiguous-category',
};

/** Reads the top-level fields other than images, categories and annotations. */
function readOthers(bytes: Buffer, scanned: ScannedJson, file: string, notes: FileNotes): Extra {
  const entries = [...scanned.others].map(([key, [start, end]]) => {
    try {
      const { value, isJson } = parseLenientJson(bytes.toString('utf8', start, end));
      if (!isJson) notes.add('not-a-number', key);
      return [key, value] as const;
    } catch (error) {
      const reason = `${key}: not JSON (${(error as Error).message})`;
      throw new MicroYoloError('invalid-file', `${file}: ${reason}; download or export it again`, {
        path: file,
      });
    }
  });
  // Not by assignment, which would set the prototype for a key `__proto__`.
  return Object.fromEntries(entries);
}

/**
 * Reads detection data in COCO format. The file is parsed slice by slice. Its bytes stay in memory, and the additional
 * fields of annotations are parsed from them on demand.
 * @throws MicroYoloError `not-found`, or `invalid-file` with the element at fault
 */
export async function readCoco(path: string, options: ReadCocoOptions = {}): Promise<Dataset> {
  const bytes = await readUtf8(path, WHAT);
  const scanned = scanJson(bytes, ['images', 'categories', 'annotations'], path);
  const report = problemHandler(options.onProblem);
  const notes = new FileNotes();
  const readAll = <T>(key: string, reader: RecordReader<T>) => {
    const elements = parseElements(bytes, required(scanned, key, path));
    return readRecords(elements, reader, { file: path, key }, report, notes);
  };
  const listed = readAll('images', IMAGES);
  const categories = readAll('categories', CATEGORIES);
  const imageFolder =
    options.imageFolder ??
    (await findImageFolder(
      path,
      listed.records.map(({ fileName }) => fileName),
    ));
  const images =
    options.imageSizes === 'stated' ? listed : await fillImageSizes(listed, imageFolder, report, notes);
  const annotations = readAnnotations(
    bytes,
    scanned.arrays.get('annotations') ?? new ElementRanges(),
    { images: images.places, categories: categories.places },
    path,
    report,
    notes,
  );
  const extra = readOthers(bytes, scanned, path, notes);
  notes.report(path, report);
  return { images: images.records, categories: categories.records, annotations, imageFolder, extra };
}
