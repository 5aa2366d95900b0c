import { createHash } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, cpus, platform, totalmem } from 'node:os';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { Dataset } from '../../datasets/dataset.ts';
import { MicroYoloError, systemErrorCode } from '../../foundation/errors/errors.ts';
import { makeFolder } from '../../foundation/files/folders.ts';
import { takeLock } from '../../foundation/files/lock-file.ts';
import { notWritable, writeWholeFile } from '../../foundation/files/write.ts';
import { rootedSettings } from '../../training/run/outcome.ts';
import type { TrainingSettings } from '../../training/run/settings.ts';
import { formatSettings } from './settings-file.ts';

/** File with the resolved settings of a run, in its folder. */
export const SETTINGS_FILE = 'experiment.yaml';
/** File with the other facts that the outcome depends on: data, versions and machine. */
export const RUN_FILE = 'run.json';

/** Reads this package's package.json, which pins dependencies exactly. */
const readPackage = () =>
  createRequire(import.meta.url)('../../../package.json') as {
    readonly version: string;
    readonly dependencies: Readonly<Record<string, string>>;
  };

/** Name of a data set from its path: `bccd` for `bccd/train.json` and for `datasets/bccd.yaml`. */
function dataName(given: string): string {
  const path = resolve(given);
  const name = basename(path, extname(path));
  const isSplit = /^(train|val|test|data|instances_.*|_annotations.*)$/i.test(name);
  const folder = basename(dirname(path));
  const plain = (isSplit && folder !== '' ? folder : name).replaceAll(/[^\w.-]+/g, '-');
  return plain === '' ? 'run' : plain;
}

/**
 * Creates the folder of a new run, with a new number: `runs/bccd-001`.
 * @throws MicroYoloError `not-writable`
 */
export async function makeRunFolder({ runs, name, data }: TrainingSettings): Promise<string> {
  await makeFolder(runs);
  const stem = name ?? dataName(data);
  const taken = (await readdir(runs)).flatMap((entry) => {
    const number = entry.startsWith(`${stem}-`) ? Number(entry.slice(stem.length + 1)) : Number.NaN;
    return Number.isInteger(number) ? [number] : [];
  });
  for (let number = Math.max(0, ...taken) + 1; ; number++) {
    const folder = join(runs, `${stem}-${String(number).padStart(3, '0')}`);
    try {
      await mkdir(folder);
      return folder;
    } catch (error) {
      if (systemErrorCode(error) !== 'EEXIST') throw notWritable(folder, error);
    }
  }
}

/** Digest of a data set's image records and labels. It does not include the pixels. */
export function datasetDigest({ images, categories, annotations }: Dataset): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify(images.map(({ id, fileName, width, height }) => [id, fileName, width, height])));
  hash.update(JSON.stringify(categories.map(({ id, name }) => [id, name])));
  for (const column of [annotations.images, annotations.categories, annotations.boxes, annotations.crowd]) {
    hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  }
  return hash.digest('hex');
}

/** Writes the settings of a run, with absolute paths, so that it can be resumed from any folder. */
export async function writeSettings(folder: string, settings: TrainingSettings): Promise<void> {
  await writeWholeFile(join(folder, SETTINGS_FILE), formatSettings(rootedSettings(settings)));
}

/** Writes the settings of a run, and its data, versions and machine. */
export async function describeRun(
  folder: string,
  settings: TrainingSettings,
  data: Readonly<
    Record<string, { readonly images: number; readonly boxes: number; readonly sha256: string }>
  >,
): Promise<void> {
  const [cpu] = cpus();
  const ours = readPackage();
  const run = {
    started: new Date().toISOString(),
    seed: settings.seed,
    data,
    versions: {
      'micro-yolo': ours.version,
      'onnxruntime-node': ours.dependencies['onnxruntime-node'],
      sharp: ours.dependencies['sharp'],
      node: process.version,
    },
    machine: {
      platform: `${platform()} ${arch()}`,
      cpu: cpu?.model ?? 'unknown',
      cores: cpus().length,
      memory: `${(totalmem() / 2 ** 30).toFixed(1)} GiB`,
    },
  };
  await writeSettings(folder, settings);
  await writeWholeFile(join(folder, RUN_FILE), `${JSON.stringify(run, null, 2)}\n`);
}

/** Folder for pictures of the first batches. */
export const BATCHES_FOLDER = 'batches';

/** Lock file that names the process training in the folder. */
const LOCK_FILE = 'running.lock';
/** Files of a run that has not trained yet. */
const EMPTY_RUN: readonly string[] = [SETTINGS_FILE, RUN_FILE, LOCK_FILE, BATCHES_FOLDER];

/**
 * Locks a run folder, because two processes would overwrite each other's checkpoint.
 * @throws MicroYoloError `locked` if another process holds the lock
 */
export async function lockRun(folder: string): Promise<AsyncDisposable> {
  const path = join(folder, LOCK_FILE);
  if (!(await takeLock(path))) {
    const remedy = `wait for it, or delete ${path} if no process is`;
    throw new MicroYoloError('locked', `${folder}: another process is training there; ${remedy}`, {
      path: folder,
    });
  }
  return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
}

/** Removes the folder of a run that ended before its first checkpoint, because it cannot be resumed. */
export async function removeEmptyRun(folder: string): Promise<void> {
  const files = await readdir(folder);
  if (files.every((file) => EMPTY_RUN.includes(file))) await rm(folder, { recursive: true });
}
