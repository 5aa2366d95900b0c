import { basename, join, resolve } from 'node:path';
import { counted } from '../../foundation/counted.ts';
import { imagesInFolder } from '../../image/expand-paths.ts';
import type { Dataset } from '../dataset.ts';
import type { CheckedProblem } from './kinds.ts';

/** Finds images in the data sets' image folders that no record names. */
export async function checkUnlistedImages(datasets: readonly Dataset[]): Promise<readonly CheckedProblem[]> {
  const listed = new Set(
    datasets.flatMap(({ imageFolder, images }) =>
      images.map(({ fileName }) => resolve(join(imageFolder, fileName))),
    ),
  );
  const folders = new Set(
    datasets
      .filter(({ images }) => images.some(({ pixels }) => !pixels))
      .map(({ imageFolder }) => resolve(imageFolder)),
  );
  const problems: CheckedProblem[] = [];
  for (const folder of folders) {
    const present = await imagesInFolder(folder).catch(() => []);
    const unlisted = present.filter((path) => !listed.has(resolve(path)));
    if (unlisted.length === 0) continue;
    const files = counted(unlisted.length, 'image is', 'images are');
    problems.push({
      kind: 'unlisted-images',
      place: folder,
      message: `${files} in no record; the first is ${basename(unlisted[0]!)}`,
      count: unlisted.length,
    });
  }
  return problems;
}
