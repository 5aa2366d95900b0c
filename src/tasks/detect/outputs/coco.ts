import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, open, realpath, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isFile, makeFolder } from '../../../foundation/files/folders.ts';
import { isStream } from '../../../foundation/files/stream.ts';
import { notWritable } from '../../../foundation/files/write.ts';
import { categoryIds } from './category-ids.ts';
import { type DetectionFile, type FoundInImage, STANDARD_OUTPUT } from './output.ts';
import { openText, type TextFile } from './text-file.ts';

async function copyInto(file: TextFile, path: string): Promise<void> {
  for await (const text of createReadStream(path, 'utf8')) await file.append(text as string);
}

/** @throws MicroYoloError `not-writable`. A file that exists stays as it is, and no other one is left behind. */
async function checkWritable(path: string): Promise<void> {
  await makeFolder(dirname(path));
  const isThere = await isFile(path);
  await open(path, 'a').then(
    (file) => file.close(),
    (error: unknown) => {
      throw notWritable(path, error);
    },
  );
  if (!isThere) await rm(path, { force: true });
}

/** Creates a folder for the parts, beside the file because renaming across disks fails. Removes an earlier one. */
async function partsFolder(path: string, isReplaced: boolean): Promise<string> {
  try {
    if (!isReplaced) return await mkdtemp(join(tmpdir(), 'micro-yolo-'));
    const folder = join(dirname(path), `.${basename(path)}.parts`);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
    return folder;
  } catch (error) {
    throw notWritable(path, error);
  }
}

/** Writes image records and annotations to two temporary files, which are joined at the end. */
class CocoFile implements DetectionFile {
  readonly #path: string;
  readonly #folder: string;
  readonly #images: TextFile;
  readonly #annotations: TextFile;
  readonly #ids: readonly number[];
  readonly #nameOf: (image: string) => string;
  readonly #isReplaced: boolean;
  #imageId = 0;
  #annotationId = 0;

  constructor(
    path: string,
    folder: string,
    [images, annotations]: readonly [TextFile, TextFile],
    ids: readonly number[],
    nameOf: (image: string) => string,
    isReplaced: boolean,
  ) {
    this.#path = path;
    this.#isReplaced = isReplaced;
    this.#folder = folder;
    this.#images = images;
    this.#annotations = annotations;
    this.#ids = ids;
    this.#nameOf = nameOf;
  }

  async write({ image, width, height, detections }: FoundInImage): Promise<void> {
    const id = ++this.#imageId;
    const record = { id, file_name: this.#nameOf(image), width, height };
    await this.#images.append(`${id > 1 ? ',' : ''}\n${JSON.stringify(record)}`);
    const rows = detections.map(({ classId, box, score }) => {
      const annotation = {
        id: ++this.#annotationId,
        image_id: id,
        category_id: this.#ids[classId]!,
        bbox: box,
        area: box[2] * box[3],
        iscrowd: 0,
        score,
      };
      return `${this.#annotationId > 1 ? ',' : ''}\n${JSON.stringify(annotation)}`;
    });
    if (rows.length > 0) await this.#annotations.append(rows.join(''));
  }

  async end(): Promise<void> {
    await this.#annotations[Symbol.asyncDispose]();
    await this.#images.append('],\n"annotations":[');
    await copyInto(this.#images, join(this.#folder, 'annotations'));
    await this.#images.append(']}\n');
    await this.#images[Symbol.asyncDispose]();
    const whole = join(this.#folder, 'images');
    if (this.#isReplaced) {
      await rename(whole, this.#path).catch((error: unknown) => {
        throw notWritable(this.#path, error);
      });
      return;
    }
    await using file = await openText(this.#path);
    await copyInto(file, whole);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#images[Symbol.asyncDispose]();
    await this.#annotations[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/**
 * Opens a COCO file for the images and their detections, stored as annotations with a score.
 * @param nameOf returns an image's name in the file
 */
export async function cocoFile(
  named: string,
  classes: readonly string[],
  nameOf: (image: string) => string,
): Promise<DetectionFile> {
  const isReplaced = named !== STANDARD_OUTPUT && !(await isStream(named));
  const path = isReplaced ? await realpath(named).catch(() => named) : named;
  // Checked in advance, not after hours of work.
  if (isReplaced) await checkWritable(path);
  const folder = await partsFolder(path, isReplaced);
  const parts = [
    await openText(join(folder, 'images')),
    await openText(join(folder, 'annotations')),
  ] as const;
  const ids = categoryIds(classes);
  const categories = classes.map((name, classId) => ({ id: ids[classId]!, name }));
  await parts[0].append(`{"categories":${JSON.stringify(categories)},\n"images":[`);
  return new CocoFile(path, folder, parts, ids, nameOf, isReplaced);
}
