import type { Size } from '../../boxes/formats.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { imageSource } from '../../datasets/image-path.ts';
import { toInput } from '../../image/letterbox.ts';
import { prepareImage } from '../../image/prepare.ts';
import type { InputRecipe } from '../../model/model.ts';
import type { TrainingImage } from '../batch.ts';
import { objectsByImage } from './objects.ts';

/**
 * An image of a dataset as the network sees it. Classes are the dataset's categories in their order; boxes are cut at
 * the image's edges, crowds and what has no area there left out.
 * @param index place in `dataset.images`
 * @throws MicroYoloError where the image is missing or damaged
 */
export async function loadSample(
  dataset: Dataset,
  index: number,
  recipe: InputRecipe,
  input: Size,
): Promise<TrainingImage> {
  const { pixels, placement } = await prepareImage(
    imageSource(dataset, dataset.images[index]!),
    recipe,
    input,
  );
  const { objects } = objectsByImage(dataset)[index]!;
  const truths = objects.map(({ box, classId }) => ({ box: toInput(box, placement), classId }));
  return { pixels, truths };
}
