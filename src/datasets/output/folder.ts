import { readdir, readFile, rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { MicroYoloError, systemErrorCode } from '../../foundation/errors/errors.ts';
import { option } from '../../foundation/errors/named-options.ts';
import { makeFolder, realPath } from '../../foundation/files/folders.ts';
import { notWritable, writeWholeFile } from '../../foundation/files/write.ts';

/** Says what a folder was made from, and that what is in it may be replaced. */
const RECORD_FILE = 'conversion.json';

export interface OutputRecord {
  /** Files and folders at the top that belong to the data set. */
  readonly entries: readonly string[];
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

async function ownEntries(folder: string): Promise<readonly string[] | undefined> {
  try {
    const { entries } = JSON.parse(await readFile(join(folder, RECORD_FILE), 'utf8')) as OutputRecord;
    // Plain names only: whoever wrote the file must not choose what is removed elsewhere.
    return Array.isArray(entries) && entries.every((name) => /^[^/\\]+$/.test(name) && !/^\.+$/.test(name))
      ? entries
      : undefined;
  } catch {
    return undefined;
  }
}

/** @throws MicroYoloError `invalid-argument` if what is read lies in the folder that is written */
async function refuseSources(folder: string, sources: readonly string[]): Promise<void> {
  const target = await realPath(folder);
  for (const source of sources) {
    const inside = relative(target, await realPath(source));
    if (inside === '' || !(inside.startsWith('..') || resolve(inside) === inside)) {
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
 * Makes an empty folder for a data set. One that a conversion made is emptied where `overwrite` says so;
 * nothing else is ever removed.
 * @param sources files and folders that are read meanwhile
 * @throws MicroYoloError `not-writable` or `invalid-argument`
 */
export async function startFolder(
  folder: string,
  record: OutputRecord,
  sources: readonly string[],
  overwrite: boolean,
): Promise<void> {
  await refuseSources(folder, sources);
  if ((await entriesOf(folder)).length > 0) {
    const own = await ownEntries(folder);
    if (!own) {
      const remedy = 'choose a new folder';
      throw new MicroYoloError('not-writable', `${folder}: contains other files; ${remedy}`, {
        path: folder,
      });
    }
    if (!overwrite) {
      const remedy = `choose another folder, or replace it with ${option('overwrite')}`;
      throw new MicroYoloError('not-writable', `${folder}: already contains a data set; ${remedy}`, {
        path: folder,
      });
    }
    for (const entry of own) await rm(join(folder, entry), { recursive: true, force: true });
  }
  await makeFolder(folder);
  await writeRecord(folder, record);
}

/** Writes what the folder was made from. */
export async function writeRecord(folder: string, record: OutputRecord): Promise<void> {
  await writeWholeFile(join(folder, RECORD_FILE), `${JSON.stringify(record, null, 2)}\n`);
}
