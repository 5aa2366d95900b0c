import { extname } from 'node:path';
import { isImagePath, isPhotoPath } from '../../image/sources.ts';
import type { Dataset } from '../dataset.ts';
import type { OnProblem } from '../problems.ts';
import { selectRows } from '../select.ts';

/**
 * Whether a reader of the format would find the image. YOLO readers find images by extension, and both YOLO and Darknet
 * readers need the sizes of the image files.
 */
function isReadAgain(fileName: string, format: string): boolean {
  if (format === 'yolo') return isImagePath(fileName);
  return format !== 'darknet' || isImagePath(fileName) || !isPhotoPath(fileName);
}

/** Removes and reports images that a reader of the format would not find. */
export function readableImages(dataset: Dataset, format: string, report: OnProblem): Dataset {
  const { annotations } = dataset;
  const places = new Int32Array(dataset.images.length).fill(-1);
  const images = dataset.images.filter(({ fileName }, place) => {
    if (!isReadAgain(fileName, format)) return false;
    places[place] = 0;
    return true;
  });
  if (images.length === dataset.images.length) return dataset;
  let next = 0;
  for (const [place, kept] of places.entries()) if (kept === 0) places[place] = next++;
  const rows = Array.from({ length: annotations.count }, (_, row) => row);
  const keptRows = rows.filter((row) => places[annotations.images[row]!]! >= 0);
  for (const [place, { fileName }] of dataset.images.entries()) {
    if (places[place]! >= 0) continue;
    const boxes = rows.filter((row) => annotations.images[row] === place).length;
    const ending = extname(fileName) || 'a name without an extension';
    const message = `${ending} is not supported, so it is skipped with its boxes (${boxes}); convert it to JPEG`;
    report({ kind: 'bad-image-file', place: fileName, message });
  }
  return { ...dataset, images, annotations: selectRows(annotations, keptRows, { images: places }) };
}
