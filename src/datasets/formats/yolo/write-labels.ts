import { dirname } from 'node:path';
import { clipToImage, xywhToXyxy, xyxyToXywh } from '../../../boxes/formats.ts';
import { makeFolder } from '../../../foundation/files/folders.ts';
import { writeWholeFile } from '../../../foundation/files/write.ts';
import { mapParallel } from '../../../foundation/parallel.ts';
import type { Dataset, DatasetImage } from '../../dataset.ts';
import { countLosses, type Losses } from '../../output/losses.ts';
import { boxOf, rowsByImage } from '../../output/rows.ts';
import { yoloLine } from './labels.ts';

const OPEN_FILES = 16;

type Box = readonly [number, number, number, number];

/** Label numbers must be from 0 to 1: programs take larger ones for pixels and skip the image. */
function fits([left, top, width, height]: Box, image: DatasetImage): boolean {
  const [x, y] = [left + width / 2, top + height / 2];
  return (
    x >= 0 &&
    y >= 0 &&
    x <= image.width &&
    y <= image.height &&
    width <= image.width &&
    height <= image.height
  );
}

/**
 * Writes a label file for each image. It is empty if the image has no boxes.
 * @param pathOf returns the path of an image's label file
 */
export async function writeYoloLabels(
  dataset: Dataset,
  pathOf: (fileName: string) => string,
  losses: Losses,
): Promise<void> {
  countLosses(dataset, { image: [], annotation: [] }, losses);
  const { images, categories, annotations } = dataset;
  if (categories.some(({ id }, place) => id !== place))
    losses.add(`category ids become 0–${categories.length - 1}`);
  const paths = images.map(({ fileName }) => pathOf(fileName));
  for (const parent of new Set(paths.map((path) => dirname(path)))) await makeFolder(parent);
  const rows = rowsByImage(dataset);
  await mapParallel(images, OPEN_FILES, async (image, place) => {
    const lines = rows[place]!.map((row) => {
      const box = boxOf(dataset, row);
      if (fits(box, image)) return yoloLine(annotations.categories[row]!, box, image);
      losses.add('the parts of %d boxes outside their images');
      return yoloLine(annotations.categories[row]!, xyxyToXywh(clipToImage(xywhToXyxy(box), image)), image);
    });
    await writeWholeFile(paths[place]!, lines.map((line) => `${line}\n`).join(''), { flush: false });
  });
}
