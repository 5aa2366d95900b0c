import { basename, dirname, extname, join } from 'node:path';
import { isFolder } from '../../files.ts';

/**
 * The folder of a COCO file's images where nobody says: `val/` for `val.json`, COCO's own layout
 * (`val2017/` for `annotations/instances_val2017.json`, or `images/val2017/`, or `images/`), `images/` beside it, else the
 * file's own folder.
 */
export async function findImageFolder(file: string): Promise<string> {
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
  for (const candidate of candidates) if (await isFolder(candidate)) return candidate;
  return folder;
}
