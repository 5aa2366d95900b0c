import { driveRemedy, windowsDrivePath } from '../../../foundation/files/read.ts';
import type { Category, DatasetImage, Extra } from '../../dataset.ts';
import { insideFolder } from '../../image-path.ts';
import { type DatasetProblemKind, shown } from '../../problems.ts';
import type { Note } from './file-notes.ts';
import { isNumberText, unquoted } from './ids.ts';

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

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Omits empty `extra` fields: most records have none. */
function extraField(extra: Extra): { readonly extra?: Extra } {
  return Object.keys(extra).length > 0 ? { extra } : {};
}

/** Width or height in pixels; 0 if the record does not state it. */
function statedSide(value: unknown): number {
  const side = unquoted(value);
  return Number.isFinite(side) && (side as number) > 0 ? (side as number) : 0;
}

/** File name at the end of a URL, as in COCO's `coco_url`. */
function nameInUrl(url: unknown): string | undefined {
  if (typeof url !== 'string' || !URL.canParse(url)) return undefined;
  const last = new URL(url).pathname.split('/').at(-1)!;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

/**
 * Parses an image record.
 * @param id number of the image
 * @returns an image with width and height 0 if the record does not state both
 */
export function parseImage(value: unknown, id: number, note: Note): DatasetImage | BadRecord {
  const bad = (found: string, expected: string) =>
    new BadRecord('bad-image-record', `${found}, expected ${expected}`);
  if (!isObject(value)) return bad(shown(value), 'an object with id, file_name, width and height');
  const { id: _, file_name: given, width, height, ...extra } = value;
  const name = given ?? nameInUrl(value['coco_url']);
  if (typeof name !== 'string' || name === '') return bad(`file_name ${shown(name)}`, 'an image name');
  const fileName = insideFolder(name);
  if (fileName === undefined) {
    const drive = windowsDrivePath(name);
    const cause = drive === undefined ? '' : `; ${driveRemedy(drive)}`;
    return new BadRecord('unsafe-path', `file_name ${shown(name)} is outside the image folder${cause}`);
  }
  if (isNumberText(width) || isNumberText(height)) note('number-as-text');
  const sides = [statedSide(width), statedSide(height)] as const;
  const [wide, high] = sides.includes(0) ? [0, 0] : sides;
  return { id, fileName, width: wide, height: high, ...extraField(extra) };
}

export function parseCategory(value: unknown, id: number): Category | BadRecord {
  const bad = (found: string, expected: string) =>
    new BadRecord('bad-category', `${found}, expected ${expected}`);
  if (!isObject(value)) return bad(shown(value), 'an object with id and name');
  const { id: _, name: given, ...extra } = value;
  // Some programs write numeric names, such as digit classes, without quotes.
  const name = Number.isFinite(given) ? String(given) : given;
  if (typeof name !== 'string' || name === '') return bad(`name ${shown(name)}`, 'a class name');
  return { id, name, ...extraField(extra) };
}
