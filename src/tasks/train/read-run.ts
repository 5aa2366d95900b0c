import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { counted } from '../../foundation/counted.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { isFile } from '../../foundation/files/folders.ts';
import { readWholeFile } from '../../foundation/files/read.ts';
import { decodeShrunk } from '../../image/decode.ts';
import { jpegAddress } from '../../reports/pictures.ts';
import type { RunPicture, RunRow, RunSubject } from '../../reports/run/subject.ts';
import type { TrainingSettings } from '../../training/run/settings.ts';
import { BATCHES_FOLDER, RUN_FILE, SETTINGS_FILE } from './run-folder.ts';
import { type GivenSettings, readSettings, resolveSettings } from './settings-file.ts';

/** Detections of the best model so far, in pycocotools' format. */
export const DETECTIONS_FILE = 'best-detections.json';
export const CURVES_FILE = 'results.csv';
const SAMPLES = 'samples';
/** Number of sample sheets in a report, and their longest side in pixels. */
const SHOWN = 4;
const SIDE = 960;

/** Flattens settings to dotted names and JSON values. */
function flat(settings: GivenSettings, prefix = ''): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(settings).flatMap(([name, value]): (readonly [string, string])[] => {
      const isSection = typeof value === 'object' && value !== null && !Array.isArray(value);
      return isSection
        ? [...flat(value as GivenSettings, `${prefix}${name}.`)]
        : [[`${prefix}${name}`, JSON.stringify(value)]];
    }),
  );
}

/** Settings that differ from the defaults, with both values. */
export function changedSettings(settings: TrainingSettings): RunSubject['settings'] {
  const own = flat(settings);
  const usual = flat(resolveSettings({ data: settings.data }, 'defaults'));
  return [...own].flatMap(([name, value]) =>
    usual.get(name) === value || name === 'data' ? [] : [{ name, value, usual: usual.get(name) ?? '–' }],
  );
}

async function picturesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((): string[] => []);
  return names.filter((name) => name.endsWith('.jpg')).sort();
}

async function inline(path: string, title: string): Promise<RunPicture | undefined> {
  try {
    const { image } = await decodeShrunk(path, ({ width, height }) => {
      const scale = Math.min(1, SIDE / Math.max(width, height));
      return {
        width: Math.max(1, Math.round(width * scale)),
        height: Math.max(1, Math.round(height * scale)),
      };
    });
    return { title, href: await jpegAddress(image) };
  } catch (error) {
    if (error instanceof MicroYoloError) return undefined;
    throw error;
  }
}

const titleOf = (name: string) =>
  basename(name, '.jpg')
    .replaceAll('-', ' ')
    .replace(/\b0+(?=\d)/, '');

/** Loads pictures of a run folder for a report: some sample sheets, latest first, and the first batches. */
export async function runPictures(folder: string): Promise<Pick<RunSubject, 'samples' | 'batches'>> {
  const all = await picturesIn(join(folder, SAMPLES));
  const count = Math.min(SHOWN, all.length);
  const last = all.length - 1;
  const chosen = new Set(
    Array.from({ length: count }, (_, at) => all[Math.round((last * at) / Math.max(1, count - 1))]!),
  );
  const load = async (inside: string, names: readonly string[]) =>
    (await Promise.all(names.map((name) => inline(join(folder, inside, name), titleOf(name))))).filter(
      (picture) => picture !== undefined,
    );
  return {
    samples: (await load(SAMPLES, [...chosen])).reverse(),
    batches: await load(BATCHES_FOLDER, await picturesIn(join(folder, BATCHES_FOLDER))),
  };
}

const runFileSchema = z.looseObject({
  started: z.string().optional(),
  data: z.record(z.string(), z.looseObject({ images: z.number(), boxes: z.number(), sha256: z.string() })),
  versions: z.record(z.string(), z.string()).default({}),
  machine: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
});

/** Data, machine and versions of a run, from its folder. */
export interface RunOrigin {
  readonly environment: RunSubject['environment'];
  /** Digests of the data, by split. */
  readonly digests: ReadonlyMap<string, string>;
}

/** @throws MicroYoloError `not-found`, or `invalid-file` if the folder is not a run folder */
export async function readOrigin(folder: string): Promise<RunOrigin> {
  const path = join(folder, RUN_FILE);
  const text = await readWholeFile(path, 'the record of a run');
  let parsed: z.infer<typeof runFileSchema>;
  try {
    parsed = runFileSchema.parse(JSON.parse(text.toString('utf8')));
  } catch {
    throw new MicroYoloError(
      'invalid-file',
      `${path}: is not the record of a training run; pass a run folder`,
    );
  }
  const data = Object.entries(parsed.data).map(
    ([split, { images, boxes }]) =>
      [`data ${split}`, `${counted(images, 'image')}, ${counted(boxes, 'box', 'boxes')}`] as const,
  );
  const listed = [...Object.entries(parsed.machine), ...Object.entries(parsed.versions)];
  return {
    environment: [
      ...(parsed.started === undefined ? [] : [['started', parsed.started] as const]),
      ...data,
      ...listed.map(([name, value]) => [name, String(value)] as const),
    ],
    digests: new Map(Object.entries(parsed.data).map(([split, { sha256 }]) => [split, sha256])),
  };
}

/** Reads the rows of `results.csv`. Empty if the file does not exist yet. */
async function readRows(folder: string): Promise<readonly RunRow[]> {
  const path = join(folder, CURVES_FILE);
  if (!(await isFile(path))) return [];
  const text = (await readWholeFile(path, 'the curves of a run')).toString('utf8');
  const [head = '', ...lines] = text.trim().split('\n');
  const names = head.split(',');
  return lines.map((line) =>
    Object.fromEntries(
      line.split(',').flatMap((value, at) => (value === '' ? [] : [[names[at]!, Number(value)] as const])),
    ),
  );
}

/**
 * Reads a run folder.
 * @throws MicroYoloError `not-found`, `invalid-file` or `invalid-argument` if it is not a run folder
 */
export async function readRun(folder: string): Promise<{
  readonly subject: RunSubject;
  readonly settings: TrainingSettings;
  readonly origin: RunOrigin;
}> {
  const origin = await readOrigin(folder);
  const file = join(folder, SETTINGS_FILE);
  const settings = resolveSettings(await readSettings(file), file);
  const rows = await readRows(folder);
  const deciding = rows.some((row) => 'top1' in row) ? 'top1' : 'AP';
  const evaluated = rows.filter((row) => row[deciding] !== undefined);
  const best = evaluated.toSorted((a, b) => b[deciding]! - a[deciding]! || a['epoch']! - b['epoch']!)[0];
  const subject: RunSubject = {
    name: basename(resolve(folder)),
    state: 'finished',
    rows,
    deciding,
    best: best && { epoch: best['epoch']!, value: best[deciding]! },
    settings: changedSettings(settings),
    environment: origin.environment,
    notes: [],
    ...(await runPictures(folder)),
  };
  return { subject, settings, origin };
}
