import { dirname, resolve } from 'node:path';
import * as z from 'zod';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { isFolder } from '../../foundation/files/folders.ts';
import { readYamlAsWritten } from '../../foundation/files/yaml.ts';
import { pathFrom, pathReadings } from '../written-path.ts';

const path = z.string().min(1);

const common = {
  name: z.string().optional(),
  /** Origin of the data set, for people. */
  source: z.string().optional(),
  /** Folder of the data, relative to the description or else to MICRO_YOLO_DATA. */
  path,
  /** Class names in order. */
  classes: z.array(z.string().min(1)).min(1).optional(),
};

/** A split may have several parts, which are joined. A single part needs no list. */
function splitsOf<T extends z.ZodType>(part: T) {
  const parts = z.union([z.array(part).min(1), part.transform((one) => [one])]);
  return z.record(z.string().regex(/^\w[\w.-]*$/, 'expected a plain name of a split'), parts);
}

const schema = z.discriminatedUnion('format', [
  z.strictObject({
    ...common,
    format: z.literal('coco'),
    splits: splitsOf(z.strictObject({ annotations: path, images: path.optional() })),
  }),
  z.strictObject({
    ...common,
    format: z.literal('voc'),
    boxes: z.enum(['one-based', 'zero-based']).default('one-based'),
    splits: splitsOf(z.strictObject({ folder: path.default('.'), set: path.optional() })),
  }),
  z.strictObject({
    ...common,
    format: z.literal('image-folder'),
    splits: splitsOf(z.strictObject({ folder: path })),
  }),
  z.strictObject({
    ...common,
    format: z.literal('cifar'),
    splits: splitsOf(z.strictObject({ set: z.enum(['train', 'test']) })),
  }),
]);

/** Contents of one of our YAML descriptions. */
export type Description = z.output<typeof schema> & {
  /** The existing folder that `path` refers to. */
  readonly folder: string;
};

async function findFolder(file: string, wanted: string, source: string | undefined): Promise<string> {
  const data = process.env['MICRO_YOLO_DATA'];
  const places = [dirname(file), ...(data ? [data] : [])];
  const readings = pathReadings(wanted);
  const candidates = [...new Set(places.flatMap((place) => readings.map((path) => pathFrom(place, path))))];
  for (const candidate of candidates) if (await isFolder(candidate)) return candidate;
  const where = candidates.map((candidate) => resolve(candidate)).join(' or ');
  const from = source === undefined ? '' : ` (${source})`;
  const remedy = `download the data set${from}, and set MICRO_YOLO_DATA to the folder that contains it`;
  throw new MicroYoloError('not-found', `${file}: path ${wanted}: no folder ${where}; ${remedy}`, {
    path: file,
  });
}

const WHAT = 'a description of a data set';

/** Whether YAML data is one of our descriptions. Those of YOLO have no `format`. */
export function isDescription(data: unknown): boolean {
  return typeof data === 'object' && data !== null && Object.hasOwn(data, 'format');
}

/**
 * Reads one of our data set descriptions and finds its folder.
 * @throws MicroYoloError `not-found` or `invalid-file`
 */
export async function readDescription(file: string): Promise<Description> {
  const parsed = schema.safeParse(await readYamlAsWritten(file, WHAT));
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const place = issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
    throw new MicroYoloError('invalid-file', `${file}: ${place}${issue.message}; see docs/datasets.md`, {
      path: file,
    });
  }
  return { ...parsed.data, folder: await findFolder(file, parsed.data.path, parsed.data.source) };
}
