import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { OptionKinds } from '../../../foundation/errors/check-options.ts';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { option } from '../../../foundation/errors/named-options.ts';
import { isFile } from '../../../foundation/files/folders.ts';
import { checkOverwritesNone } from '../../../foundation/files/overwrites.ts';
import { isStream } from '../../../foundation/files/stream.ts';
import { hasImageSignature } from '../../../image/signature.ts';
import { STANDARD_OUTPUT } from './output.ts';

/** What is written of the detections. Of a file, `-` is standard output. */
export interface OutputOptions {
  /** Where pictures go: a folder, or for one image a file with a picture's ending. @default nothing is drawn */
  readonly out?: string | undefined;
  /** JSON Lines: a line per image, written as soon as the image is done. */
  readonly jsonl?: string | undefined;
  /** A COCO data set of the images, with what was found as annotations with a score. Whole at the end. */
  readonly coco?: string | undefined;
  /** A table with a row per detection. */
  readonly csv?: string | undefined;
  /** A folder of YOLO's label files, one per image: class, center x, center y, width, height as shares of the image. */
  readonly yoloTxt?: string | undefined;
  /** Whether lines of label files end in the score. @default false */
  readonly saveConf?: boolean | undefined;
  /** A folder of cut-out objects, in a folder of each class. */
  readonly crop?: string | undefined;
  /**
   * Continues a run that ended early: images that are done are left out. A journal remembers them: the `jsonl`
   * file, else a file beside the first output. If there is nothing to continue, the run starts over. @default false
   */
  readonly resume?: boolean | undefined;
}

export const OUTPUT_KINDS: OptionKinds<OutputOptions> = {
  out: 'string',
  jsonl: 'string',
  coco: 'string',
  csv: 'string',
  yoloTxt: 'string',
  saveConf: 'boolean',
  crop: 'string',
  resume: 'boolean',
};

const FILES = ['jsonl', 'csv', 'coco'] as const;
const FOLDERS = ['yoloTxt', 'crop', 'out'] as const;

/** Where a run remembers what is done: undefined if it does not. */
export function journalPath(options: OutputOptions): string | undefined {
  if (options.jsonl !== undefined) return options.jsonl;
  if (!options.resume) return undefined;
  const file = FILES.map((name) => options[name]).find((path) => path !== undefined);
  if (file !== undefined) return `${file}.journal`;
  const folder = FOLDERS.map((name) => options[name]).find((path) => path !== undefined);
  return folder === undefined ? undefined : join(folder, '.micro-yolo.journal');
}

/** Whether a file that would be replaced is an image: hardly what anybody wants. */
async function isImage(path: string): Promise<boolean> {
  if (!(await isFile(path))) return false;
  const file = await open(path).catch(() => undefined);
  if (!file) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
    return hasImageSignature(buffer.subarray(0, bytesRead));
  } catch {
    return false;
  } finally {
    await file.close();
  }
}

/**
 * Checks outputs against each other and against what is read.
 * @param read files that are read, besides the images
 * @throws MicroYoloError `invalid-argument`
 */
export async function checkOutputs(
  options: OutputOptions,
  read: readonly (string | undefined)[],
): Promise<void> {
  const files = FILES.filter((name) => options[name] !== undefined);
  const onStandard = files.filter((name) => options[name] === STANDARD_OUTPUT);
  if (onStandard.length > 1) {
    throw new MicroYoloError(
      'invalid-argument',
      `${onStandard.map(option).join(' and ')}: both write to standard output; name a file for one`,
    );
  }
  const folder = FOLDERS.find((name) => options[name] === STANDARD_OUTPUT);
  if (folder !== undefined) {
    throw new MicroYoloError(
      'invalid-argument',
      `${option(folder)} -: many files do not fit on standard output; name a folder, or use ${option('jsonl')} -`,
      { field: folder, received: STANDARD_OUTPUT },
    );
  }
  if (options.saveConf && options.yoloTxt === undefined) {
    throw new MicroYoloError(
      'invalid-argument',
      `${option('saveConf')}: adds scores to ${option('yoloTxt')}, which is missing; pass it too`,
    );
  }
  const written: string[] = [];
  for (const name of files) {
    const path = options[name]!;
    if (path === STANDARD_OUTPUT) continue;
    await checkOverwritesNone(path, read, 'what is read', name);
    await checkOverwritesNone(path, written, 'another output', name);
    if (await isImage(path)) {
      throw new MicroYoloError(
        'invalid-argument',
        `${option(name)} ${path}: would overwrite an image; name another file with ${option(name)}`,
      );
    }
    written.push(path);
  }
  if (!options.resume) return;
  const journal = journalPath(options);
  if (journal === undefined) {
    throw new MicroYoloError(
      'invalid-argument',
      `${option('resume')}: no output to continue; pass ${option('jsonl')} or another output`,
    );
  }
  for (const name of files) {
    const path = options[name]!;
    if (path !== STANDARD_OUTPUT && !(await isStream(path))) continue;
    throw new MicroYoloError(
      'invalid-argument',
      `${option('resume')}: ${path === STANDARD_OUTPUT ? 'standard output' : path} cannot be continued; name a file with ${option(name)}`,
    );
  }
}
