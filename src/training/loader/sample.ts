import { join } from 'node:path';
import { type Size, xywhToXyxy } from '../../boxes/formats.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { toInput } from '../../image/letterbox.ts';
import { prepareImage } from '../../image/prepare.ts';
import type { InputRecipe } from '../../model/model.ts';
import type { Truth } from '../assigners/targets.ts';
import type { TrainingImage } from '../batch.ts';

/**
 * An image of a dataset as the network sees it. Classes are the dataset's categories in their order; crowds
 * are left out.
 * @param index place in `dataset.images`
 * @throws MicroYoloError where the image is missing or damaged
 */
export async function loadSample(
  dataset: Dataset,
  index: number,
  recipe: InputRecipe,
  input: Size,
): Promise<TrainingImage> {
  const { imageFolder, images, annotations } = dataset;
  const { pixels, placement } = await prepareImage(join(imageFolder, images[index]!.fileName), recipe, input);
  const truths: Truth[] = [];
  for (let row = 0; row < annotations.count; row++) {
    if (annotations.images[row] !== index || annotations.crowd[row]) continue;
    const [left, top, width, height] = annotations.boxes.subarray(4 * row, 4 * row + 4);
    const box = toInput(xywhToXyxy([left!, top!, width!, height!]), placement);
    truths.push({ box, classId: annotations.categories[row]! });
  }
  return { pixels, truths };
}
