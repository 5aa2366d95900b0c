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

/** The resolved settings of a run, in its folder. */
export const SETTINGS_FILE = 'experiment.yaml';
/** What else the run's outcome depends on. */
export const RUN_FILE = 'run.json';

/** Our own package.json, which pins dependencies exactly. */
const readPackage = () =>
  createRequire(import.meta.url)('../../../package.json') as {
    readonly version: string;
    readonly dependencies: Readonly<Record<string, string>>;
  };

/** A data set's name, from its path: of `bccd/train.json` and `datasets/bccd.yaml`, `bccd`. */
function dataName(given: string): string {
  const path = resolve(given);
  const name = basename(path, extname(path));
  const isSplit = /^(train|val|test|data|instances_.*|_annotations.*)$/i.test(name);
  const folder = basename(dirname(path));
  const plain = (isSplit && folder !== '' ? folder : name).replaceAll(/[^\w.-]+/g, '-');
  return plain === '' ? 'run' : plain;
}

/**
 * Makes the folder of a new run, with a number no other has: `runs/bccd-001`.
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

/** A digest of a data set's images and labels, not of the pixels. */
export function datasetDigest({ images, categories, annotations }: Dataset): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify(images.map(({ id, fileName, width, height }) => [id, fileName, width, height])));
  hash.update(JSON.stringify(categories.map(({ id, name }) => [id, name])));
  for (const column of [annotations.images, annotations.categories, annotations.boxes, annotations.crowd]) {
    hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  }
  return hash.digest('hex');
}

/** Writes a run's settings, so that it resumes from any current folder. */
export async function writeSettings(folder: string, settings: TrainingSettings): Promise<void> {
  await writeWholeFile(join(folder, SETTINGS_FILE), formatSettings(rootedSettings(settings)));
}

/** Writes what a run is: its settings, and where and of what it is made. */
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

/** Pictures of the first batches. */
export const BATCHES_FOLDER = 'batches';

/** Names the process that trains in the folder. */
const LOCK_FILE = 'running.lock';
/** All that a run has before it learns. */
const EMPTY_RUN: readonly string[] = [SETTINGS_FILE, RUN_FILE, LOCK_FILE, BATCHES_FOLDER];

/**
 * Keeps others from training in a run's folder meanwhile: both would write one checkpoint.
 * @throws MicroYoloError `locked` if another process does
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

/** Removes the folder of a run that ended before it had learned anything: there is nothing to go on with. */
export async function removeEmptyRun(folder: string): Promise<void> {
  const files = await readdir(folder);
  if (files.every((file) => EMPTY_RUN.includes(file))) await rm(folder, { recursive: true });
}
