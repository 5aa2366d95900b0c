import { dirname, join } from 'node:path';
import type { Size, XywhPx } from '../../../boxes/formats.ts';
import { makeFolder } from '../../../foundation/files/folders.ts';
import { writePicture } from '../../../image/encode.ts';
import { cutRegion } from '../../../image/tiles/bands.ts';
import type { Region } from '../../../image/tiles/tiles.ts';
import type { NamedImage } from '../named-images.ts';
import type { ImageFiles } from './output.ts';

/** Folder name of a class. If characters are replaced, the class number is appended, so that names stay unique. */
export function folderOfClass(label: string, classId: number): string {
  const safe = label.replace(/[^\p{L}\p{N} _+-]/gu, '_').trim();
  const isReserved = /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(safe);
  return safe === label && safe !== '' && !isReserved ? label : `${safe}-${classId}`;
}

/** The pixels inside the image that a box touches. Undefined if there are none. */
function regionOf([left, top, width, height]: XywhPx, image: Size): Region | undefined {
  const [l, t] = [Math.max(0, Math.floor(left)), Math.max(0, Math.floor(top))];
  const right = Math.min(image.width, Math.ceil(left + width));
  const bottom = Math.min(image.height, Math.ceil(top + height));
  return right > l && bottom > t ? { left: l, top: t, width: right - l, height: bottom - t } : undefined;
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
        const region = regionOf(box, image);
        if (!region) continue;
        const path = join(folder, folderOfClass(label, classId), `${stems.get(named)}-${index + 1}.jpg`);
        await makeFolder(dirname(path));
        await writePicture(path, cutRegion(image, region));
      }
    },
  };
}
