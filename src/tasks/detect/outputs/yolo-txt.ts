import { dirname } from 'node:path';
import { xywhToCxcywh } from '../../../boxes/formats.ts';
import { makeFolder } from '../../../foundation/files/folders.ts';
import { writeWholeFile } from '../../../foundation/files/write.ts';
import type { NamedImage } from '../named-images.ts';
import type { FoundInImage, ImageFiles } from './output.ts';

const share = (value: number) => String(Number(value.toFixed(6)));

/** Formats one line per detection: class, center, width and height as shares of the image's sides, and the score. */
export function yoloLines({ detections, ...image }: FoundInImage, saveConf: boolean): string {
  return detections
    .map(({ classId, box, score }) => {
      const fields = [...xywhToCxcywh(box, image), ...(saveConf ? [score] : [])];
      return `${classId} ${fields.map(share).join(' ')}\n`;
    })
    .join('');
}

/** Writes a label file for each image. It is empty for an image without objects. */
export function yoloTxtFiles(paths: ReadonlyMap<NamedImage, string>, saveConf: boolean): ImageFiles {
  return {
    async write(named, found) {
      const path = paths.get(named)!;
      await makeFolder(dirname(path));
      await writeWholeFile(path, yoloLines(found, saveConf), { flush: false });
    },
  };
}
