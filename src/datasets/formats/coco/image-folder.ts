import { stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { isFolder } from '../../../foundation/files/folders.ts';

/** Several images are tried, because some may be missing. */
const IMAGES_LOOKED_FOR = 20;

/**
 * Guesses the image folder of a COCO file. The candidates are:
 * - `val/` for `val.json`
 * - `val2017/` for `annotations/instances_val2017.json` (COCO's own layout)
 * - `images/` next to the file
 * - `images/val2017/` or `images/` next to `annotations/`
 * - the folder of the file: Label Studio's image names already contain `images/`
 *
 * The first candidate that contains one of the first images wins, or else the first that exists.
 * @param images image names, as in the file
 */
export async function findImageFolder(file: string, images: readonly string[] = []): Promise<string> {
  const folder = dirname(file);
  const name = basename(file, extname(file));
  const root = dirname(folder);
  const split = name.slice(name.lastIndexOf('_') + 1);
  const apart = [join(root, 'images', split), join(root, 'images')];
  const candidates = [
    join(folder, name),
    join(root, split),
    join(folder, 'images'),
    ...(basename(folder).toLowerCase() === 'annotations' ? apart : []),
  ];
  const exists = async (path: string) => (await stat(path).catch(() => undefined)) !== undefined;
  for (const image of images.slice(0, IMAGES_LOOKED_FOR)) {
    for (const candidate of [...candidates, folder]) {
      if (await exists(join(candidate, image))) return candidate;
    }
  }
  for (const candidate of candidates) if (await isFolder(candidate)) return candidate;
  return folder;
}
