import { dirname } from 'node:path';
import * as z from 'zod';
import { numberClasses } from '../../../foundation/classes/class-names.ts';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { readYamlAsWritten } from '../../../foundation/files/yaml.ts';
import { pathFrom, pathReadings } from '../../written-path.ts';
import { type ClassTable, classTable } from './class-table.ts';

const isEmpty = (value: unknown) => value === '' || value === '~';
/** A key with an empty value or YAML's `null` counts as missing. */
const optional = <T extends z.ZodType>(type: T) =>
  z.preprocess((value) => (isEmpty(value) || value === 'null' ? undefined : value), type.optional());

const entries = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)], 'expected a path, or a list of paths')
  .transform((value) => (typeof value === 'string' ? [value] : value));

const className = z.string().transform((name) => (isEmpty(name) ? '' : name));

/** Keys that all YOLO programs share. Each program has additional ones. */
const schema = z.looseObject({
  path: optional(z.string()),
  train: optional(entries),
  val: optional(entries),
  valid: optional(entries),
  validation: optional(entries),
  test: optional(entries),
  names: z.union(
    [z.array(className), z.record(z.string().regex(/^(0|[1-9]\d{0,8})$/), className)],
    'expected a list of names, or a map of numbers to names',
  ),
  nc: optional(z.coerce.number().int()),
  /** For poses: points per object, and numbers per point. */
  kpt_shape: optional(z.tuple([z.coerce.number().int().min(1), z.coerce.number().int().min(2).max(3)])),
});

export interface DataYaml {
  /** Base folders for relative paths. */
  readonly folders: readonly string[];
  /** Images of each split: folders, list files and globs. */
  readonly splits: ReadonlyMap<string, readonly string[]>;
  readonly classes: ClassTable;
  /** Count of key-point numbers that follow each box. */
  readonly keyPoints: number;
}

const WHAT = "YOLO's description of a data set";

/** Empty names at the end of a list count as unnamed classes if `nc` says so, and are otherwise ignored. */
function readClasses(names: readonly string[] | Readonly<Record<string, string>>, nc: number | undefined) {
  if (!Array.isArray(names)) {
    const named = Object.entries(names).map(([id, name]) => [Number(id), name.trim()] as const);
    return classTable(named.sort(([a], [b]) => a - b));
  }
  const list = names as readonly string[];
  const counted = list.length === nc ? list.length : numberClasses(list).names.length;
  return classTable(list.slice(0, counted).map((name, id) => [id, name.trim()]));
}

/**
 * Reads YOLO's description of a data set.
 * @throws MicroYoloError `not-found` or `invalid-file`
 */
export async function readDataYaml(path: string): Promise<DataYaml> {
  const parsed = schema.safeParse(await readYamlAsWritten(path, WHAT));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const key = issue!.path.join('.') || 'the file';
    throw new MicroYoloError('invalid-file', `${path}: ${key}: ${issue!.message}; correct the file`, {
      path,
    });
  }
  const { path: root, names, nc, kpt_shape: points, train, test } = parsed.data;
  const classes = readClasses(names, nc);
  const count = classes.categories.length;
  if (nc !== undefined && nc !== count) {
    throw new MicroYoloError('invalid-file', `${path}: nc is ${nc}, but there are ${count} names`, { path });
  }
  const val = parsed.data.val ?? parsed.data.valid ?? parsed.data.validation;
  const splits = new Map<string, readonly string[]>();
  for (const [split, value] of Object.entries({ train, val, test })) if (value) splits.set(split, value);
  const own = dirname(path);
  const roots = root === undefined ? [] : pathReadings(root);
  const folders = [...roots.map((reading) => pathFrom(own, reading)), ...roots, own];
  return { folders: [...new Set(folders)], splits, classes, keyPoints: points ? points[0] * points[1] : 0 };
}
