import type { Size } from '../../boxes/formats.ts';
import { IMAGE_INPUT } from '../../models/forward/photograph.ts';
import { LABELS_INPUT } from '../heads/inputs.ts';
import type { DetectionBatch, TrainingImage } from './batch.ts';

/**
 * Converts images and labels to the input tensors of a classifier's step. The label of an image is the class of its
 * only object. Images without a visible object have no label.
 */
export function classificationBatch(
  images: readonly TrainingImage[],
  { width, height }: Size,
  classes: number,
): DetectionBatch {
  const batch = images.length;
  const pixels = new Uint8Array(batch * height * width * 3);
  const labels = new Float32Array(batch * classes);
  images.forEach(({ pixels: own, truths: [truth] }, index) => {
    pixels.set(own, index * height * width * 3);
    if (truth) labels[index * classes + truth.classId] = 1;
  });
  return {
    tensors: {
      [IMAGE_INPUT]: { shape: [batch, height, width, 3], data: pixels },
      [LABELS_INPUT]: { shape: [batch, classes], data: labels },
    },
    overflow: 0,
    truthCount: 0,
    assigned: 0,
  };
}
