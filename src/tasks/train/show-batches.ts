import { join } from 'node:path';
import { squareSize, xyxyToXywh } from '../../boxes/formats.ts';
import { drawContactSheet } from '../../drawing/contact-sheet.ts';
import { saveCanvas } from '../../drawing/save.ts';
import { makeFolder } from '../../foundation/files/folders.ts';
import { grayLevel } from '../../image/recipe/recipe.ts';
import { cleanAugmentation, taskAugmentation } from '../../training/augmentation/clean.ts';
import { BatchMaker } from '../../training/loader/batch-maker.ts';
import { objectsByImage } from '../../training/loader/objects.ts';
import { batchesPerEpoch, epochOrder, planBatch } from '../../training/loader/order.ts';
import { repeatedImages, repeatFactors } from '../../training/loader/repeats.ts';
import { fillStore } from '../../training/loader/store/fill.ts';
import { longestSide, scaleAt } from '../../training/run/run-schedule.ts';
import { openData } from './open-data.ts';
import { prepareModel } from './prepare-model.ts';
import { type TrainOptions, trainingSettings } from './train-detector.ts';

/**
 * Draws a run's first batches, with the augmented images and boxes that the network would train on.
 * @returns paths of the pictures
 * @throws MicroYoloError if settings or data cannot be used
 */
export async function showBatches(options: TrainOptions, count: number): Promise<readonly string[]> {
  const settings = await trainingSettings(options);
  const { train: dataset } = await openData(settings, () => {});
  const { network, recipe } = await prepareModel(settings, dataset, () => {});
  const { multiScale, seed } = settings;
  const inputAt = (batch: number) =>
    multiScale === null ? squareSize(settings.size) : scaleAt(multiScale, seed, batch);
  const augmentation = taskAugmentation(settings.augmentation, dataset.task ?? 'detection');
  await makeFolder(settings.runs);
  await using filled = await fillStore({
    images: dataset.images,
    imageFolder: dataset.imageFolder,
    side: longestSide(settings, squareSize(settings.size)),
    cache: 'none',
    folder: settings.runs,
  });
  const { handle, usable } = filled;
  const objects = objectsByImage(dataset);
  const maker = await BatchMaker.create({
    store: handle,
    objects,
    usable,
    network,
    assigner: settings.loss.assigner,
    room: 1,
    augmentation,
    cleanAugmentation: cleanAugmentation(augmentation),
    fill: grayLevel(recipe.fill),
  });
  const factors = repeatFactors(objects, usable, settings.repeatThreshold);
  const order = epochOrder(repeatedImages(usable, factors, settings.seed, 0), settings.seed, 0);
  const batches = Math.min(count, batchesPerEpoch(order.length, settings.batch));
  const written: string[] = [];
  for (let batch = 0; batch < batches; batch++) {
    const input = inputAt(batch);
    const samples = planBatch(order, settings.batch, settings.seed, { epoch: 0, batch });
    const images = await maker.images({ samples, input, clean: false });
    const pictures = images.map(({ pixels, truths, ignored = [] }, index) => ({
      title: dataset.images[samples[index]!.image]!.fileName,
      image: { ...input, data: pixels },
      boxes: [
        ...truths.map(({ box, classId }) => ({
          label: dataset.categories[classId]!.name,
          classId,
          box: xyxyToXywh(box),
        })),
        ...ignored.map((box) => ({
          label: 'ignored',
          classId: dataset.categories.length,
          box: xyxyToXywh(box),
        })),
      ],
    }));
    const path = join(settings.runs, `batch-${batch + 1}.jpg`);
    await saveCanvas(await drawContactSheet(pictures, Math.max(input.width, input.height)), path);
    written.push(path);
  }
  await maker.close();
  return written;
}
