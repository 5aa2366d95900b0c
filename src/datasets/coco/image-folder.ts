import { stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { isFolder } from '../../files.ts';

/**
 * The folder of a COCO file's images where nobody says: `val/` for `val.json`, COCO's own layout
 * (`val2017/` for `annotations/instances_val2017.json`, or `images/val2017/`, or `images/`), `images/` beside it, else the
 * file's own folder. Where an image is known, the first of these that has it: Label Studio names its images `images/…`
 * beside the file.
 * @param image name of an image as the file gives it
 */
export async function findImageFolder(file: string, image?: string): Promise<string> {
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
  if (image !== undefined) {
    for (const candidate of [...candidates, folder]) {
      if (await exists(join(candidate, image))) return candidate;
    }
  }
  for (const candidate of candidates) if (await isFolder(candidate)) return candidate;
  return folder;
}
