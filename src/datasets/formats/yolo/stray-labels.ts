import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { glob } from 'tinyglobby';
import { isFolder } from '../../../foundation/files/folders.ts';
import { trimmedLines } from '../../../foundation/files/text.ts';
import { mapParallel } from '../../../foundation/parallel.ts';
import { isPhotoPath } from '../../../image/sources.ts';
import { withoutEnding } from '../../image-name.ts';
import { pathExists } from '../../written-path.ts';
import { CLASSES_FILE } from './classes-file.ts';
import { type ImageFiles, labelPaths } from './image-files.ts';

const OPEN_FILES = 16;
const LABEL_LINE = /^[+-]?\d+(\.\d*)?[\s,;]+[+-]?[\d.]/;

/** Whether a text file contains labels. Next to images, empty files do not count: they may be lists or notes. */
async function holdsLabels(path: string, isBeside: boolean): Promise<boolean> {
  if (basename(path) === CLASSES_FILE) return false;
  const lines = trimmedLines(await readFile(path, 'utf8').catch(() => ''));
  return lines.every((line) => line === '') ? !isBeside : lines.some((line) => LABEL_LINE.test(line));
}

/**
 * Finds label files without an image, in all folders that may contain the labels of the images.
 * @param used paths of label files that belong to images
 */
export async function strayLabels(
  { paths, searched }: ImageFiles,
  used: ReadonlySet<string>,
): Promise<readonly string[]> {
  const isWhole = searched.length > 0;
  const folders = isWhole ? searched : [...new Set(paths.map((path) => dirname(path)))];
  const list = async (folder: string) =>
    glob(isWhole ? '**/*' : '*', { cwd: folder, expandDirectories: false });
  const stray = new Set<string>();
  for (const folder of folders) {
    const photos = new Set((await list(folder)).filter(isPhotoPath).map(withoutEnding));
    for (const place of new Set(labelPaths(join(folder, 'image')).map((path) => dirname(path)))) {
      if (!(await isFolder(place))) continue;
      const texts = (await list(place)).filter((name) => extname(name).toLowerCase() === '.txt');
      const unused = texts.filter((name) => !used.has(join(place, name)));
      await mapParallel(unused, OPEN_FILES, async (name) => {
        const path = join(place, name);
        // On case-sensitive file systems, `.TXT` is a different extension.
        const isOfPhoto =
          photos.has(withoutEnding(name)) && (await pathExists(join(place, `${withoutEnding(name)}.txt`)));
        if (!isOfPhoto && (await holdsLabels(path, place === folder))) stray.add(path);
      });
    }
  }
  return [...stray].sort();
}
