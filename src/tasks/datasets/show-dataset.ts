import { join } from 'node:path';
import { sizeOfBoxes } from '../../boxes/aspect.ts';
import { xywhToXyxy, xyxyToXywh } from '../../boxes/formats.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { imageSource } from '../../datasets/image-path.ts';
import { drawContactSheet, type SheetPicture } from '../../drawing/contact-sheet.ts';
import type { DrawnBox } from '../../drawing/draw-detections.ts';
import { checkPicture, saveCanvas } from '../../drawing/save.ts';
import { selectClasses } from '../../foundation/classes/select-classes.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { realPath } from '../../foundation/files/folders.ts';
import { mapParallel } from '../../foundation/parallel.ts';
import { uniformRandom } from '../../foundation/random.ts';
import { decodeShrunk, type ImageNote } from '../../image/decode.ts';
import { placeImage, toInput } from '../../image/letterbox.ts';
import { summarizeNotes } from '../../image/notes.ts';
import { SHOW_OPTIONS } from '../../options/dataset/show.ts';
import { openSplits } from './open-splits.ts';

/** Options for drawing a data set. */
export interface ShowDatasetOptions {
  /** A data set in any format. */
  readonly data: string;
  /** Image file to write. Its extension chooses the format. */
  readonly out: string;
  /** Only this split. @default all */
  readonly split?: string | undefined;
  /** Folder of the images. @default that of the data set */
  readonly imageFolder?: string | undefined;
  /** Maximum number of images, 1–400. @default 16 */
  readonly images?: number | undefined;
  /** Seed. The same seed chooses the same images. @default 1 */
  readonly seed?: number | undefined;
  /** Only boxes of these classes, and only images that contain them. @default all */
  readonly classes?: readonly string[] | undefined;
  /** Side of each image's cell, 64–2048 pixels. @default 400 */
  readonly cell?: number | undefined;
}

/** Result of drawing a data set. */
export interface ShownDataset {
  /** Number of images on the sheet. */
  readonly images: number;
  /** Number of boxes on the sheet. */
  readonly boxes: number;
  /** Errors of images that could not be drawn. */
  readonly skipped: readonly MicroYoloError[];
  /** Notes on images that were drawn, such as truncated files. One line per kind. */
  readonly notes: readonly string[];
}

const OPEN_FILES = 4;

interface Drawn {
  readonly picture: SheetPicture;
  readonly note: ImageNote | undefined;
}

interface Candidate {
  readonly dataset: Dataset;
  readonly image: number;
  readonly rows: readonly number[];
}

/** Images with the rows of their boxes. With `classes`, only images and boxes of these. */
function candidates(dataset: Dataset, classes: readonly string[] | undefined): readonly Candidate[] {
  const { images, categories, annotations } = dataset;
  const rows: number[][] = images.map(() => []);
  for (let row = 0; row < annotations.count; row++) {
    const { name } = categories[annotations.categories[row]!]!;
    if (!classes || classes.includes(name)) rows[annotations.images[row]!]!.push(row);
  }
  return rows.flatMap((found, image) =>
    classes && found.length === 0 ? [] : [{ dataset, image, rows: found }],
  );
}

function selected(
  datasets: readonly Dataset[],
  classes: readonly string[] | undefined,
): readonly string[] | undefined {
  const known = [...new Set(datasets.flatMap(({ categories }) => categories.map(({ name }) => name)))];
  return classes && selectClasses(classes, known, 'the data set');
}

/** @throws MicroYoloError `invalid-argument` if the sheet would overwrite an image of the data set */
async function refuseImage(out: string, datasets: readonly Dataset[]): Promise<void> {
  const target = await realPath(out);
  for (const { imageFolder, images } of datasets) {
    const folder = await realPath(imageFolder);
    if (images.some(({ fileName }) => join(folder, fileName) === target)) {
      const problem = `out ${out}: is an image of the data set; choose another name`;
      throw new MicroYoloError('invalid-argument', problem);
    }
  }
}

/** A random choice of the items, in their original order. */
function choose<T>(items: readonly T[], count: number, seed: number): readonly T[] {
  const uniform = uniformRandom(seed);
  const drawn = items.map((_, index) => ({ index, order: uniform() })).sort((a, b) => a.order - b.order);
  const indices = drawn.slice(0, count).map(({ index }) => index);
  return indices.sort((a, b) => a - b).map((index) => items[index]!);
}

async function draw({ dataset, image: index, rows }: Candidate, cell: number): Promise<Drawn> {
  const shown = dataset.images[index]!;
  const { annotations, categories } = dataset;
  const square = { width: cell, height: cell };
  const { image, original } = await decodeShrunk(imageSource(dataset, shown), (size) =>
    // Small images are not enlarged, so that their size is visible.
    size.width <= cell && size.height <= cell ? size : placeImage(size, square, 'letterbox'),
  );
  const { width, height } = image;
  const placement = { left: 0, top: 0, width, height, original: sizeOfBoxes(original, shown) };
  const boxes = rows.map((row): DrawnBox => {
    const category = annotations.categories[row]!;
    const [left = 0, top = 0, width = 0, height = 0] = annotations.boxes.subarray(4 * row, 4 * row + 4);
    const box = xyxyToXywh(toInput(xywhToXyxy([left, top, width, height]), placement));
    const { name } = categories[category]!;
    return { label: annotations.crowd[row] === 1 ? `${name} (crowd)` : name, classId: category, box };
  });
  return { picture: { title: shown.fileName, image, boxes }, note: image.note };
}

/**
 * Draws some images of a data set with their boxes on one sheet.
 * @throws MicroYoloError if the data set cannot be read or does not have the class, or the sheet cannot be written
 */
export async function showDataset(options: ShowDatasetOptions): Promise<ShownDataset> {
  checkOptions('showDataset options', options, SHOW_OPTIONS);
  const { data, out, split, imageFolder, images = 16, seed = 1, cell = 400 } = options;
  await checkPicture(out);
  // Invalid records are skipped silently, because `checkDataset` reports them.
  const splits = await openSplits([data], { split, imageFolder, onProblem: () => {} });
  const datasets = splits.map(({ dataset }) => dataset);
  const classes = selected(datasets, options.classes);
  await refuseImage(out, datasets);
  const all = datasets.flatMap((dataset) => candidates(dataset, classes));
  const skipped: MicroYoloError[] = [];
  const drawn = await mapParallel(choose(all, images, seed), OPEN_FILES, async (candidate) => {
    try {
      return [await draw(candidate, cell)];
    } catch (error) {
      if (!(error instanceof MicroYoloError)) throw error;
      skipped.push(error);
      return [];
    }
  });
  const pictures = drawn.flat().map(({ picture }) => picture);
  if (pictures.length === 0) {
    const reason = skipped[0]?.message ?? `${data}: has no such images`;
    throw new MicroYoloError('not-found', `nothing to show (${reason}); run "micro-yolo dataset check"`);
  }
  await saveCanvas(await drawContactSheet(pictures, cell), out);
  return {
    images: pictures.length,
    boxes: pictures.reduce((sum, { boxes }) => sum + boxes.length, 0),
    skipped,
    notes: summarizeNotes(
      drawn.flat().flatMap(({ picture, note }) => (note ? [{ image: picture.title, note }] : [])),
    ),
  };
}
