import type { Category, DatasetImage, Extra } from '../dataset.ts';
import { insideFolder } from '../image-path.ts';
import { type DatasetProblemKind, shown } from '../problems.ts';

/** Why a record cannot be used. */
export class BadRecord {
  readonly kind: DatasetProblemKind;
  readonly message: string;

  constructor(kind: DatasetProblemKind, message: string) {
    this.kind = kind;
    this.message = message;
  }
}

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isId = (value: unknown): value is number => Number.isSafeInteger(value);

/** Only where there is something in it: most records have nothing more. */
function extraField(extra: Extra): { readonly extra?: Extra } {
  return Object.keys(extra).length > 0 ? { extra } : {};
}

export function parseImage(value: unknown): DatasetImage | BadRecord {
  const bad = (found: string, expected: string) =>
    new BadRecord('bad-image-record', `${found}, expected ${expected}`);
  if (!isObject(value)) return bad(shown(value), 'an object with id, file_name, width and height');
  const { id, file_name: name, width, height, ...extra } = value;
  if (!isId(id)) return bad(`id ${shown(id)}`, 'a whole number');
  if (typeof name !== 'string' || name === '') return bad(`file_name ${shown(name)}`, 'the name of an image');
  const fileName = insideFolder(name);
  if (fileName === undefined) {
    return new BadRecord('unsafe-path', `file_name ${shown(name)} leads out of the folder of images`);
  }
  for (const [side, length] of Object.entries({ width, height })) {
    if (!Number.isFinite(length) || (length as number) <= 0) {
      return bad(`${side} ${shown(length)}`, 'a positive number of pixels');
    }
  }
  return { id, fileName, width: width as number, height: height as number, ...extraField(extra) };
}

export function parseCategory(value: unknown): Category | BadRecord {
  const bad = (found: string, expected: string) =>
    new BadRecord('bad-category', `${found}, expected ${expected}`);
  if (!isObject(value)) return bad(shown(value), 'an object with id and name');
  const { id, name, ...extra } = value;
  if (!isId(id)) return bad(`id ${shown(id)}`, 'a whole number');
  if (typeof name !== 'string' || name === '') return bad(`name ${shown(name)}`, 'the name of a class');
  return { id, name, ...extraField(extra) };
}

/** Fields of an annotation that have columns of their own; the others are its extra. */
export function annotationExtra(value: unknown): Extra {
  if (!isObject(value)) return {};
  const { id, image_id, category_id, bbox, area, iscrowd, ...extra } = value;
  return extra;
}

export interface CocoAnnotation {
  readonly id: number;
  readonly image: number;
  readonly category: number;
  readonly box: readonly [number, number, number, number];
  readonly area: number;
  readonly crowd: boolean;
}

export interface Places {
  /** Place of each image and category by its id. */
  readonly images: ReadonlyMap<number, number>;
  readonly categories: ReadonlyMap<number, number>;
}

function parseBox(bbox: unknown): readonly [number, number, number, number] | BadRecord {
  if (!Array.isArray(bbox) || bbox.length !== 4 || !bbox.every((side) => Number.isFinite(side))) {
    return new BadRecord('bad-box', `bbox ${shown(bbox)}, expected four numbers (left, top, width, height)`);
  }
  const [left, top, width, height] = bbox as [number, number, number, number];
  if (width < 0 || height < 0) {
    return new BadRecord('bad-box', `bbox ${shown(bbox)}, expected a width and height of at least 0`);
  }
  return [left, top, width, height];
}

/** An annotation with the defaults of the two fields that many files lack. */
export function parseAnnotation(value: unknown, places: Places): CocoAnnotation | BadRecord {
  const bad = (found: string, expected: string) =>
    new BadRecord('bad-annotation', `${found}, expected ${expected}`);
  if (!isObject(value)) return bad(shown(value), 'an object with id, image_id, category_id and bbox');
  const { id, image_id, category_id, bbox, area, iscrowd = 0 } = value;
  if (!isId(id)) return bad(`id ${shown(id)}`, 'a whole number');
  const image = places.images.get(image_id as number);
  if (image === undefined) {
    return new BadRecord('missing-image-record', `image_id ${shown(image_id)}, expected the id of an image`);
  }
  const category = places.categories.get(category_id as number);
  if (category === undefined) {
    const expected = `expected one of the ${places.categories.size} ids of categories`;
    return new BadRecord('unknown-category', `category_id ${shown(category_id)}, ${expected}`);
  }
  const box = parseBox(bbox);
  if (box instanceof BadRecord) return box;
  const filled = area ?? box[2] * box[3];
  if (filled === Number.POSITIVE_INFINITY)
    return new BadRecord('bad-box', `bbox ${shown(bbox)} is too large`);
  if (!Number.isFinite(filled) || (filled as number) < 0) return bad(`area ${shown(area)}`, 'at least 0');
  if (![0, 1, false, true].includes(iscrowd as number)) return bad(`iscrowd ${shown(iscrowd)}`, '0 or 1');
  return { id, image, category, box, area: filled as number, crowd: Boolean(iscrowd) };
}
