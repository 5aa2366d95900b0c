import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { OptionKinds } from '../../../foundation/errors/check-options.ts';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { option } from '../../../foundation/errors/named-options.ts';
import { isFile } from '../../../foundation/files/folders.ts';
import { checkOverwritesNone } from '../../../foundation/files/overwrites.ts';
import { isStream } from '../../../foundation/files/stream.ts';
import { isPicturePath } from '../../../image/encode.ts';
import { hasImageSignature } from '../../../image/signature.ts';
import { STANDARD_OUTPUT } from './output.ts';

/** Options for the outputs of detection. The file name `-` is standard output. */
export interface OutputOptions {
  /** Folder for drawn pictures, or an image file if there is only one image. @default nothing is drawn */
  readonly out?: string | undefined;
  /** JSON Lines file to write. Each image's line is written as soon as it is done. @default none */
  readonly jsonl?: string | undefined;
  /** COCO file to write, with detections as annotations with a score. It is complete at the end. @default none */
  readonly coco?: string | undefined;
  /** CSV file to write, one row per detection. @default none */
  readonly csv?: string | undefined;
  /**
   * Folder for YOLO label files, one per image. Each line has class, center x, center y, width and height, as shares of
   * the image's sides. @default none
   */
  readonly yoloTxt?: string | undefined;
  /** Whether to add the score to each line of the label files. @default false */
  readonly saveConf?: boolean | undefined;
  /** Folder for crops of the objects, in one subfolder per class. @default none */
  readonly crop?: string | undefined;
  /**
   * Whether to continue an interrupted run: finished images are skipped. They are recorded in a journal: the `jsonl`
   * file, or else a file beside the first output. A run without `resume` and `jsonl` keeps no journal, so it cannot be
   * continued. If there is nothing to continue, the run starts over. @default false
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

/** Path of the journal of finished images. Undefined if there is none. */
export function journalPath(options: OutputOptions): string | undefined {
  if (options.jsonl !== undefined) return options.jsonl;
  if (!options.resume) return undefined;
  const file = FILES.map((name) => options[name]).find((path) => path !== undefined);
  if (file !== undefined) return `${file}.journal`;
  const folder = FOLDERS.map((name) => options[name]).find((path) => path !== undefined);
  if (folder === undefined) return undefined;
  // `out` can also be the file of a single picture.
  return folder === options.out && isPicturePath(folder)
    ? `${folder}.journal`
    : join(folder, '.micro-yolo.journal');
}

/** Whether an output would overwrite an image, which is most likely a mistake. */
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
 * Checks that outputs do not overwrite each other or the inputs.
 * @param read input files, except the images
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
