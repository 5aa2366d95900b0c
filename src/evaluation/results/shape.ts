import { ElementRanges } from '../../datasets/formats/coco/element-ranges.ts';
import { scanJson, scanJsonArray } from '../../datasets/formats/coco/scan-json.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';

/** Expected contents of a results file, for messages. */
export const RESULTS = 'a JSON list of { image_id, category_id, bbox, score }';

/** Keys that may contain the list of detections, most likely first. */
const LIST_KEYS = ['detections', 'predictions', 'results', 'annotations'] as const;

/** Records of a results file. */
export interface ResultsList {
  readonly bytes: Buffer;
  readonly ranges: ElementRanges;
  /** Key that contains the list; empty if the file itself is the list. */
  readonly key: string;
  /** Images of a whole COCO data set, which define its image ids. Otherwise empty. */
  readonly images: readonly unknown[];
  readonly categories: readonly unknown[];
}

const HEAD_BYTES = 20_000;

/** Identifies text that is not JSON, and says what to do about it. */
function foreignText(bytes: Buffer): string | undefined {
  const [first = '', second = ''] = bytes
    .toString('utf8', 0, HEAD_BYTES)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  const commas = first.split(',').length;
  if (/^\s*\{.*\}\s*$/.test(first) && /^\s*\{/.test(second))
    return 'is JSON Lines, one record per line; put the records into one list: [ …, … ]';
  if (/^\s*</.test(first)) return `is XML, expected ${RESULTS}; write the detections in that format`;
  if (/^\s*\d+(\s+-?[\d.]+(e-?\d+)?){4,}\s*$/i.test(first))
    return `is a label file in YOLO's format, expected ${RESULTS} for all images; Ultralytics writes it with save_json=True`;
  if (!/^\s*[[{]/.test(first) && commas >= 4 && (second === '' || second.split(',').length === commas))
    return `is CSV, expected ${RESULTS}; write each row as one record`;
  return undefined;
}

function parsedList(bytes: Buffer, range: readonly [number, number] | undefined): readonly unknown[] {
  if (!range) return [];
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8', ...range));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function listOfObject(bytes: Buffer, path: string): ResultsList {
  const { others } = scanJson(bytes, [], path);
  const isList = (key: string) => {
    const range = others.get(key);
    return range !== undefined && bytes[range[0]] === '['.charCodeAt(0);
  };
  if (others.has('image') && isList('detections')) {
    const ranges = new ElementRanges();
    ranges.push(bytes.indexOf('{'), bytes.lastIndexOf('}') + 1);
    return { bytes, ranges, key: '', images: [], categories: [] };
  }
  const key = LIST_KEYS.find(isList);
  if (key === undefined) {
    const keys = [...others.keys()].slice(0, 5).map((name) => JSON.stringify(name));
    const what = keys.length === 0 ? 'an empty object' : `an object of ${keys.join(', ')}`;
    throw new MicroYoloError(
      'invalid-file',
      `${path}: is ${what}, expected ${RESULTS}, or an object that holds it as ${LIST_KEYS.join(', ')}; write the file again`,
      { path },
    );
  }
  const list = bytes.subarray(...others.get(key)!);
  const ranges = scanJsonArray(list, path);
  const isData = key === 'annotations' && isList('images') && isList('categories');
  if (isData && ranges.length > 0 && !list.subarray(0, ranges.end(0)).includes('"score"')) {
    throw new MicroYoloError(
      'invalid-file',
      `${path}: is a COCO data set whose annotations have no score, expected detections; pass it as the data`,
      { path },
    );
  }
  const own = (name: string) => (isData ? parsedList(bytes, others.get(name)) : []);
  return { bytes: list, ranges, key, images: own('images'), categories: own('categories') };
}

/**
 * Finds the records of a results file: a list, or an object that contains one.
 * @throws MicroYoloError `invalid-file`, naming the kind of file
 */
export function resultsList(bytes: Buffer, path: string): ResultsList {
  const foreign = foreignText(bytes);
  if (foreign !== undefined) throw new MicroYoloError('invalid-file', `${path}: ${foreign}`, { path });
  const isObject = /^\s*\{/.test(bytes.toString('utf8', 0, HEAD_BYTES));
  if (isObject) return listOfObject(bytes, path);
  return { bytes, ranges: scanJsonArray(bytes, path), key: '', images: [], categories: [] };
}
