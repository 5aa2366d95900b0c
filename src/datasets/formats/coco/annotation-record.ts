import type { Extra } from '../../dataset.ts';
import { shown } from '../../problems.ts';
import type { Note } from './file-notes.ts';
import { type IdKey, idFault, idKey, isBeyondPrecision, isNumberText, unquoted } from './ids.ts';
import { outlineBox } from './outline-box.ts';
import { LEFT_OUT, LEFT_OUT_WHOLE } from './read-records.ts';
import { BadRecord, isObject } from './records.ts';

/** Returns the fields of an annotation that have no column of their own. */
export function annotationExtra(value: unknown): Extra {
  if (!isObject(value)) return {};
  const { id, image_id, category_id, bbox, area, iscrowd, ...extra } = value;
  return extra;
}

type Box = readonly [left: number, top: number, width: number, height: number];

export interface CocoAnnotation {
  /** NaN if the id is missing or not a whole number, infinite if it is beyond 2^53. */
  readonly id: number;
  readonly image: number;
  readonly category: number;
  readonly box: Box;
  readonly area: number;
  readonly crowd: boolean;
  /** Problem of the area, if it is invalid. */
  readonly badArea?: string;
}

export interface Places {
  /** Index of each image and category by its id. */
  readonly images: ReadonlyMap<IdKey, number>;
  readonly categories: ReadonlyMap<IdKey, number>;
}

function parseBox(bbox: unknown, segmentation: unknown, note: Note): Box | BadRecord {
  const isMissing = bbox === undefined || bbox === null || (Array.isArray(bbox) && bbox.length === 0);
  if (isMissing && segmentation !== undefined && segmentation !== null) {
    const box = outlineBox(segmentation);
    if (!box || !Number.isFinite(box[2] * box[3])) {
      const found = `bbox ${shown(bbox)} and segmentation ${shown(segmentation)}`;
      return new BadRecord('bad-box', `${found}, expected a box, or an outline with an area`);
    }
    note('box-from-outline');
    return box;
  }
  const sides = Array.isArray(bbox) ? bbox.map(unquoted) : [];
  if (sides.length !== 4 || !sides.every((side) => Number.isFinite(side))) {
    return new BadRecord('bad-box', `bbox ${shown(bbox)}, expected four numbers (left, top, width, height)`);
  }
  if (Array.isArray(bbox) && bbox.some(isNumberText)) note('number-as-text');
  const box = sides as unknown as Box;
  if (box[2] < 0 || box[3] < 0) {
    return new BadRecord('bad-box', `bbox ${shown(bbox)}, expected a width and height of at least 0`);
  }
  if (!Number.isFinite(box[2] * box[3])) return new BadRecord('bad-box', `bbox ${shown(bbox)} is too large`);
  return box;
}

/** Returns the area. If it is invalid, returns the area of the box, and the problem. */
function parseArea(area: unknown, box: Box): Pick<CocoAnnotation, 'area' | 'badArea'> {
  const ofBox = box[2] * box[3];
  const given = unquoted(area) ?? ofBox;
  if (Number.isFinite(given) && (given as number) >= 0) return { area: given as number };
  return { area: ofBox, badArea: `area ${shown(area)}, expected at least 0` };
}

function annotationId(id: unknown): number {
  const key = idKey(id);
  if (typeof key === 'number') return key;
  return isBeyondPrecision(id) ? Number.POSITIVE_INFINITY : Number.NaN;
}

/**
 * Parses an annotation, with defaults for fields that many files lack.
 * @returns `undefined` if the report about its image already covers it
 */
export function parseAnnotation(
  value: unknown,
  places: Places,
  note: Note = () => {},
): CocoAnnotation | BadRecord | undefined {
  const bad = (found: string, expected: string) =>
    new BadRecord('bad-annotation', `${found}, expected ${expected}`);
  if (!isObject(value)) return bad(shown(value), 'an object with id, image_id, category_id and bbox');
  const { id, image_id, category_id, bbox, area, iscrowd, segmentation } = value;
  const image = places.images.get(idKey(image_id) ?? '');
  if (image === LEFT_OUT_WHOLE) return undefined;
  if (image === undefined || image === LEFT_OUT) {
    const expected = isBeyondPrecision(image_id)
      ? idFault('image_id', image_id)
      : `image_id ${shown(image_id)}, ${image === LEFT_OUT ? 'whose image is left out' : 'expected the id of an image'}`;
    return new BadRecord('missing-image-record', expected);
  }
  const category = places.categories.get(idKey(category_id) ?? '');
  if (category === undefined || category === LEFT_OUT) {
    const known = [...places.categories.values()].filter((place) => place >= 0).length;
    const expected =
      category === LEFT_OUT ? 'whose category is left out' : `expected one of the ${known} ids of categories`;
    return new BadRecord('unknown-category', `category_id ${shown(category_id)}, ${expected}`);
  }
  const box = parseBox(bbox, segmentation, note);
  if (box instanceof BadRecord) return box;
  const crowd = unquoted(iscrowd) ?? 0;
  if (![0, 1, false, true].includes(crowd as number)) return bad(`iscrowd ${shown(iscrowd)}`, '0 or 1');
  if ([id, image_id, category_id, area, iscrowd].some(isNumberText)) note('number-as-text');
  return {
    id: annotationId(id),
    image,
    category,
    box,
    ...parseArea(area, box),
    crowd: Boolean(crowd),
  };
}
