import { sizeOfBoxes } from '../../boxes/aspect.ts';
import type { Size } from '../../boxes/formats.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { imageSource } from '../../datasets/image-path.ts';
import { selectRows } from '../../datasets/select.ts';
import { toInput } from '../../image/letterbox.ts';
import { prepareImage } from '../../image/prepare.ts';
import type { InputRecipe } from '../../models/model.ts';
import { withBoxes } from '../augmentation/labeled-image.ts';
import type { TrainingImage } from './batch.ts';
import { apart, objectsByImage } from './objects.ts';

/**
 * Loads an image as the network sees it, without augmentation. Class ids are indices of the data set's categories.
 * Boxes are clipped to the image, those with a side under half a pixel are dropped, and crowds become ignored boxes.
 * @param index index in `dataset.images`
 * @throws MicroYoloError if the image is missing or damaged
 */
export async function loadSample(
  dataset: Dataset,
  index: number,
  recipe: InputRecipe,
  input: Size,
): Promise<TrainingImage> {
  const image = dataset.images[index]!;
  const { pixels, placement } = await prepareImage(imageSource(dataset, image), recipe, input);
  const { annotations } = dataset;
  const rows: number[] = [];
  for (let row = 0; row < annotations.count; row++) if (annotations.images[row] === index) rows.push(row);
  const places = new Int32Array(dataset.images.length);
  const alone = {
    ...dataset,
    images: [image],
    annotations: selectRows(annotations, rows, { images: places }),
  };
  const { objects } = objectsByImage(alone)[0]!;
  const original = sizeOfBoxes(placement.original, image);
  const placed = withBoxes(objects, (box) => toInput(box, { ...placement, original }));
  return { pixels, ...apart(placed) };
}
