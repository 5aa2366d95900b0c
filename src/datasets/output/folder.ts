import { readdir, readFile, rm } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { MicroYoloError, systemErrorCode } from '../../foundation/errors/errors.ts';
import { option } from '../../foundation/errors/named-options.ts';
import { makeFolder, realPath } from '../../foundation/files/folders.ts';
import { notWritable, writeWholeFile } from '../../foundation/files/write.ts';

/** Records how a folder was made, and marks its contents as replaceable. */
const RECORD_FILE = 'conversion.json';

export interface OutputRecord {
  /** Top-level files and folders that belong to the data set. */
  readonly entries: readonly string[];
  /** What was written. Undefined until everything is. */
  readonly splits?: unknown;
  readonly [more: string]: unknown;
}

async function entriesOf(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw notWritable(folder, error);
  }
}

/** The data set in a folder that this library wrote, or began to write. */
interface OwnSet {
  readonly entries: readonly string[];
  /** Whether it was written to its end. */
  readonly isWhole: boolean;
}

async function ownSet(folder: string): Promise<OwnSet | undefined> {
  try {
    const { entries, splits } = JSON.parse(await readFile(join(folder, RECORD_FILE), 'utf8')) as OutputRecord;
    // Plain names only: a manipulated file must not cause deletions elsewhere.
    return Array.isArray(entries) && entries.every((name) => /^[^/\\]+$/.test(name) && !/^\.+$/.test(name))
      ? { entries, isWhole: splits !== undefined }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a relative path leaves its folder, or is on another drive. */
const isOutside = (path: string) => path.split(sep)[0] === '..' || isAbsolute(path);

/** @throws MicroYoloError `invalid-argument` if an input is inside the output folder */
async function refuseSources(folder: string, sources: readonly string[]): Promise<void> {
  const target = await realPath(folder);
  for (const source of sources) {
    const inside = relative(target, await realPath(source));
    if (inside === '' || !isOutside(inside)) {
      const remedy = 'choose another folder';
      throw new MicroYoloError(
        'invalid-argument',
        `out ${folder}: contains ${source}, which is an input; ${remedy}`,
        { field: 'out', received: folder },
      );
    }
  }
}

/**
 * Checks that a data set can be written to a folder, which may be long before it is written.
 * @param sources input files and folders
 * @returns files and folders of an earlier data set that is replaced: with `overwrite`, or if it was never completed
 * @throws MicroYoloError `not-writable` or `invalid-argument`
 */
export async function checkOutput(
  folder: string,
  sources: readonly string[],
  overwrite: boolean,
): Promise<readonly string[]> {
  await refuseSources(folder, sources);
  if ((await entriesOf(folder)).length === 0) return [];
  const own = await ownSet(folder);
  if (!own) {
    const remedy = 'choose a new folder';
    throw new MicroYoloError('not-writable', `${folder}: contains other files; ${remedy}`, {
      path: folder,
    });
  }
  if (!overwrite && own.isWhole) {
    const remedy = `choose another folder, or replace it with ${option('overwrite')}`;
    throw new MicroYoloError('not-writable', `${folder}: already contains a data set; ${remedy}`, {
      path: folder,
    });
  }
  return own.entries;
}

/**
 * Creates an empty folder for a data set. With `overwrite`, a data set of this library is deleted first, and an
 * incomplete one always is. Nothing else is ever deleted.
 * @param sources input files and folders
 * @throws MicroYoloError `not-writable` or `invalid-argument`
 */
export async function startFolder(
  folder: string,
  record: OutputRecord,
  sources: readonly string[],
  overwrite: boolean,
): Promise<void> {
  for (const entry of await checkOutput(folder, sources, overwrite))
    await rm(join(folder, entry), { recursive: true, force: true });
  await makeFolder(folder);
  await writeRecord(folder, record);
}

/** Writes the record of how the folder was made. */
export async function writeRecord(folder: string, record: OutputRecord): Promise<void> {
  await writeWholeFile(join(folder, RECORD_FILE), `${JSON.stringify(record, null, 2)}\n`);
}
