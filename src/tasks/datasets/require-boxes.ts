import type { Dataset } from '../../datasets/dataset.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';

/** @throws MicroYoloError `invalid-argument` for classification data, which has no boxes */
export function requireBoxes({ task, imageFolder }: Dataset): void {
  if (task !== 'classification') return;
  throw new MicroYoloError(
    'invalid-argument',
    `${imageFolder}: has images of one class each, expected boxes; pass data with boxes, or use a classifier`,
  );
}
