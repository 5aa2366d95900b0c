import type { InputRecipe, Letterbox } from '../../image/recipe/recipe.ts';

/** Centered. Sides are rounded half to even. Boxes are mapped back by the ratio of each side. */
export const CENTERED: Letterbox = { align: 'center', rounding: 'half-even', unscale: 'sides' };

/** Borders on the right and bottom. Sides are rounded down. */
export const CORNER: Letterbox = { align: 'corner', rounding: 'floor', unscale: 'ratio' };

/** RGB from 0 to 1 in a centered gray letterbox: YOLOv5 and its successors. */
export const UNIT_LETTERBOX: InputRecipe = {
  resize: 'letterbox',
  letterbox: CENTERED,
  resampling: 'bilinear',
  colorOrder: 'rgb',
  mean: 0,
  std: 255,
  fill: 114,
};

/** ImageNet's mean and standard deviation of R, G and B, for values of 0–255. */
export const IMAGENET = {
  mean: [123.675, 116.28, 103.53],
  std: [58.395, 57.12, 57.375],
} as const satisfies Partial<InputRecipe>;

/** The same for B, G, R, as rounded in OpenMMLab and NanoDet. */
export const IMAGENET_BGR = {
  mean: [103.53, 116.28, 123.675],
  std: [57.375, 57.12, 58.395],
} as const satisfies Partial<InputRecipe>;
