import { dirname, join } from 'node:path';
import { checkFolder } from '../../../foundation/files/folders.ts';
import type { NamedImage } from '../named-images.ts';
import { cocoFile } from './coco.ts';
import { cropFiles } from './crops.ts';
import { csvFile } from './csv.ts';
import { pathsOfImages, picturePaths, placesBelowRoot, stemOf } from './image-paths.ts';
import type { OutputOptions } from './options.ts';
import type { DetectionFile, FoundInImage, ImageFiles } from './output.ts';
import { drawnPictures } from './pictures.ts';
import { yoloTxtFiles } from './yolo-txt.ts';

async function checkFolders(paths: Iterable<string>): Promise<void> {
  for (const folder of new Set([...paths].map((path) => dirname(path)))) await checkFolder(folder);
}

/** Output files of each single image. */
export interface PlannedImageFiles {
  /** The outputs, in the order of writing. */
  readonly files: readonly ImageFiles[];
  /** Paths of the drawn pictures, if any. */
  readonly pictures: ReadonlyMap<NamedImage, string> | undefined;
}

/**
 * Chooses the paths of each image's output files, before detection starts.
 * @throws MicroYoloError `invalid-argument` if two images would share a path, `not-writable`
 */
export async function planImageFiles(
  images: readonly NamedImage[],
  { out, yoloTxt, saveConf = false, crop }: OutputOptions,
): Promise<PlannedImageFiles> {
  const files: ImageFiles[] = [];
  const pictures = out === undefined ? undefined : await picturePaths(images, out);
  const place = placesBelowRoot(images);
  if (pictures) {
    await checkFolders(pictures.values());
    files.push(drawnPictures(pictures));
  }
  if (yoloTxt !== undefined) {
    const pathOf = (image: NamedImage) => join(yoloTxt, `${stemOf(place(image))}.txt`);
    const paths = pathsOfImages(images, pathOf, 'yoloTxt', 'the labels');
    await checkFolders(paths.values());
    files.push(yoloTxtFiles(paths, saveConf));
  }
  if (crop !== undefined) {
    const stems = pathsOfImages(images, (image) => stemOf(place(image)), 'crop', 'the cut-out objects');
    await checkFolder(crop);
    files.push(cropFiles(crop, stems));
  }
  return { files, pictures };
}

/** Output files for the detections of all images, except the journal. Disposing them before `end` leaves no files. */
export class DetectionFiles implements AsyncDisposable {
  readonly #files: readonly DetectionFile[];

  private constructor(files: readonly DetectionFile[]) {
    this.#files = files;
  }

  static async open(
    { csv, coco }: OutputOptions,
    classes: readonly string[],
    nameOf: (image: string) => string,
  ): Promise<DetectionFiles> {
    const files: DetectionFile[] = [];
    const opened = new DetectionFiles(files);
    try {
      if (csv !== undefined) files.push(await csvFile(csv));
      if (coco !== undefined) files.push(await cocoFile(coco, classes, nameOf));
    } catch (error) {
      await opened[Symbol.asyncDispose]();
      throw error;
    }
    return opened;
  }

  async write(found: FoundInImage): Promise<void> {
    for (const file of this.#files) await file.write(found);
  }

  async end(): Promise<void> {
    for (const file of this.#files) await file.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const file of this.#files) await file[Symbol.asyncDispose]();
  }
}
