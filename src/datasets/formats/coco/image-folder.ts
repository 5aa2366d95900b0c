import { stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { isFolder } from '../../../foundation/files/folders.ts';

/** Some may be missing. */
const IMAGES_LOOKED_FOR = 20;

/**
 * The folder of a COCO file's images where nobody says: `val/` for `val.json`, COCO's own layout
 * (`val2017/` for `annotations/instances_val2017.json`, or `images/val2017/`, or `images/`), `images/` beside it, else the
 * file's own folder. Where images are known, the first of these that has one of the first few: Label Studio names its images
 * `images/…` beside the file.
 * @param images their names as the file gives them
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
