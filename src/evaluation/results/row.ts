import { idFault, idKey, unquoted } from '../../datasets/formats/coco/ids.ts';
import { shown } from '../../datasets/problems.ts';

/** A detection in a results file. Names may replace ids. */
export interface ResultsRow {
  readonly image: number | string;
  readonly category: number | string;
  readonly box: readonly number[];
  readonly score: number;
}

/** Detections of an image in the output of `detect --json`. */
export interface ImageResults {
  readonly image: string;
  readonly width: number | undefined;
  readonly height: number | undefined;
  readonly rows: readonly ResultsRow[];
}

const EXPECTED = 'an object with image_id, category_id, bbox and score';

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseBox(value: unknown): readonly number[] | undefined {
  if (!Array.isArray(value) || value.length !== 4) return undefined;
  const sides = value.map(unquoted);
  return sides.every(Number.isFinite) ? (sides as number[]) : undefined;
}

function boxAndScore(bbox: unknown, score: unknown, key: string): Pick<ResultsRow, 'box' | 'score'> | string {
  const box = parseBox(bbox);
  if (!box) return `${key} ${shown(bbox)}, expected four numbers (left, top, width, height)`;
  const number = unquoted(score);
  if (!Number.isFinite(number)) return `score ${shown(score)}, expected a number`;
  return { box, score: number as number };
}

/** Parses a record in pycocotools' format. Returns the problem as text if it is invalid. */
export function parseRow(value: unknown): ResultsRow | string {
  if (!isObject(value)) return `${shown(value)}, expected ${EXPECTED}`;
  const { image_id, category_id, bbox, score } = value;
  const image = idKey(image_id);
  if (image === undefined) {
    const isForeign = category_id === undefined && bbox === undefined;
    const keys = Object.keys(value).slice(0, 5).join(', ');
    return isForeign
      ? `an object of ${keys || 'nothing'}, expected ${EXPECTED}`
      : idFault('image_id', image_id);
  }
  const category = idKey(category_id);
  if (category === undefined) return idFault('category_id', category_id);
  const rest = boxAndScore(bbox, score, 'bbox');
  return typeof rest === 'string' ? rest : { image, category, ...rest };
}

/** Whether a record is an image in the output of `detect --json`. */
export function isImageResults(value: unknown): value is JsonObject {
  return isObject(value) && typeof value['image'] === 'string' && Array.isArray(value['detections']);
}

/** Parses an image in the output of `detect --json`. Returns the problem as text if it is invalid. */
export function parseImageResults(value: JsonObject): ImageResults | string {
  const image = value['image'] as string;
  const rows: ResultsRow[] = [];
  for (const [place, detection] of (value['detections'] as readonly unknown[]).entries()) {
    const at = `detections[${place}]: `;
    if (!isObject(detection)) return `${at}${shown(detection)}, expected an object with label, score and box`;
    const { label, score, box } = detection;
    if (typeof label !== 'string') return `${at}label ${shown(label)}, expected a class name`;
    const rest = boxAndScore(box, score, 'box');
    if (typeof rest === 'string') return at + rest;
    rows.push({ image, category: label, ...rest });
  }
  const side = (name: string) => (Number.isFinite(value[name]) ? (value[name] as number) : undefined);
  return { image, width: side('width'), height: side('height'), rows };
}
