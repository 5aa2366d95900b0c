import { join } from 'node:path';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { mapParallel } from '../../../foundation/parallel.ts';
import { readImageSize } from '../../../image/size.ts';
import type { DatasetImage } from '../../dataset.ts';
import { type OnProblem, placed } from '../../problems.ts';
import type { FileNotes } from './file-notes.ts';
import type { IdKey } from './ids.ts';
import { LEFT_OUT_WHOLE, type ReadRecords } from './read-records.ts';

const OPEN_FILES = 16;

type Sized = DatasetImage | MicroYoloError;

async function withSize(image: DatasetImage, folder: string): Promise<Sized> {
  if (image.width > 0) return image;
  try {
    return { ...image, ...(await readImageSize(join(folder, image.fileName))) };
  } catch (error) {
    if (error instanceof MicroYoloError) return error;
    throw error;
  }
}

/** Reads missing image sizes from the image files. If this fails, the image is skipped with its annotations. */
export async function fillImageSizes(
  { records, places }: ReadRecords<DatasetImage>,
  folder: string,
  report: OnProblem,
  notes: FileNotes,
): Promise<ReadRecords<DatasetImage>> {
  if (records.every(({ width }) => width > 0)) return { records, places };
  const sized = await mapParallel(records, OPEN_FILES, (image) => withSize(image, folder));
  const kept: DatasetImage[] = [];
  const moved = sized.map((found, index) => {
    const { id, fileName, width } = records[index]!;
    if (found instanceof MicroYoloError) {
      const kind = found.code === 'not-found' ? 'missing-image-file' : 'bad-image-file';
      const { place, message } = placed(found);
      const reason = `its record states no width and height; ${message}`;
      report({ kind, place, message: `${reason}; it is left out with its annotations` });
      return LEFT_OUT_WHOLE;
    }
    if (width === 0) notes.add('size-from-image', `image ${id}, ${fileName}`);
    return kept.push(found) - 1;
  });
  const movedPlaces = [...places].map(([key, old]): [IdKey, number] => [key, old < 0 ? old : moved[old]!]);
  return { records: kept, places: new Map(movedPlaces) };
}
