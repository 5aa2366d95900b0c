import { dirname, isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { MicroYoloError } from '../../errors.ts';
import type { Category } from '../dataset.ts';
import { readYaml } from '../yaml.ts';

const entries = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
  .transform((value) => (typeof value === 'string' ? [value] : value));

/** Names such as `7` are numbers to YAML. */
const className = z.union([z.string().min(1), z.number(), z.boolean()]).transform(String);

/** What YOLO programs agree on; each has more keys of its own. */
const schema = z.looseObject({
  path: z.string().nullish(),
  train: entries.nullish(),
  val: entries.nullish(),
  test: entries.nullish(),
  names: z.union(
    [z.array(className), z.record(z.string().regex(/^\d+$/), className)],
    'expected a list of names, or a map of numbers to names',
  ),
  nc: z.number().int().optional(),
  /** Of poses: points an object, and numbers a point. */
  kpt_shape: z.tuple([z.number().int().min(1), z.number().int().min(2).max(3)]).nullish(),
});

export interface DataYaml {
  /** Folders that relative paths may start from. */
  readonly folders: readonly string[];
  /** Images of each split: folders, list files and globs. */
  readonly splits: ReadonlyMap<string, readonly string[]>;
  /** Their ids are the class numbers. */
  readonly categories: readonly Category[];
  /** Numbers of an object's key points, which follow its box. */
  readonly keyPoints: number;
}

const WHAT = "YOLO's description of a data set";

/**
 * Reads YOLO's description of a data set.
 * @throws MicroYoloError `not-found` or `invalid-file`
 */
export async function readDataYaml(path: string): Promise<DataYaml> {
  const parsed = schema.safeParse(await readYaml(path, WHAT));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const key = issue!.path.join('.') || 'the file';
    throw new MicroYoloError('invalid-file', `${path}: ${key}: ${issue!.message}; mend the file`);
  }
  const { path: root, names, nc, kpt_shape: points, ...rest } = parsed.data;
  const categories = Object.entries(names).map(([id, name]) => ({ id: Number(id), name }));
  if (nc !== undefined && nc !== categories.length) {
    throw new MicroYoloError(
      'invalid-file',
      `${path}: nc is ${nc}, but there are ${categories.length} names`,
    );
  }
  const splits = new Map<string, readonly string[]>();
  for (const split of ['train', 'val', 'test'] as const) {
    const value = rest[split];
    if (value) splits.set(split, value);
  }
  const own = dirname(path);
  const folders = root ? [isAbsolute(root) ? root : join(own, root), root, own] : [own];
  return { folders, splits, categories, keyPoints: points ? points[0] * points[1] : 0 };
}
