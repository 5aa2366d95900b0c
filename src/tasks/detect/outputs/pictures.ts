import { drawDetections } from '../../../drawing/draw-detections.ts';
import { saveCanvas } from '../../../drawing/save.ts';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import type { NamedImage } from '../named-images.ts';
import type { ImageFiles } from './output.ts';

/** Writes a picture of each image with its detections drawn. */
export function drawnPictures(pictures: ReadonlyMap<NamedImage, string>): ImageFiles {
  return {
    async write(named, { detections }, pixels) {
      const image = await pixels();
      try {
        await saveCanvas(await drawDetections(image, detections), pictures.get(named)!);
      } catch (error) {
        if (!(error instanceof MicroYoloError) || error.code !== 'invalid-argument') throw error;
        throw new MicroYoloError('unsupported', `${named.name}: ${error.message}`);
      }
    },
  };
}
