import { join } from 'node:path';
import { writePicture } from '../../../image/encode.ts';
import { cropImage } from '../../../image/tiles/crop.ts';
import type { NamedImage } from '../named-images.ts';
import type { ImageFiles } from './output.ts';

/** Folder name of a class. If characters are replaced, the class number is appended, so that names stay unique. */
export function folderOfClass(label: string, classId: number): string {
  const safe = label.replace(/[^\p{L}\p{N} _+-]/gu, '_').trim();
  const isReserved = /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(safe);
  return safe === label && safe !== '' && !isReserved ? label : `${safe}-${classId}`;
}

/**
 * Writes a crop of each object, in one folder per class.
 * @param stems paths of the images below their common folder, without extensions
 */
export function cropFiles(folder: string, stems: ReadonlyMap<NamedImage, string>): ImageFiles {
  return {
    async write(named, { detections }, pixels) {
      if (detections.length === 0) return;
      const image = await pixels();
      for (const [index, { box, label, classId }] of detections.entries()) {
        const cut = cropImage(image, box);
        if (!cut) continue;
        const path = join(folder, folderOfClass(label, classId), `${stems.get(named)}-${index + 1}.jpg`);
        await writePicture(path, cut);
      }
    },
  };
}
