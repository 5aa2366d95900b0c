import * as z from 'zod';

const probability = (value: number) => z.number().min(0).max(1).default(value);
const range = (low: number, high: number, value: readonly [number, number]) =>
  z
    .tuple([z.number().min(low).max(high), z.number().min(low).max(high)])
    .refine(([from, to]) => from <= to, 'expected the smaller number first')
    .readonly()
    .default([...value]);

/** The section `augmentation` of an experiment: every field with its unit, range and default. */
export const augmentationSchema = z.strictObject({
  mosaic: probability(0.5).describe('Probability that an image becomes part of a mosaic of several.'),
  mosaicTiles: z
    .literal([4, 9])
    .default(4)
    .describe('Images a mosaic; of nine, most are seen only where scale goes well below 1.'),
  scale: range(0.1, 10, [0.5, 1.5]).describe('Least and greatest size, times that of the letterboxed image.'),
  translate: probability(0.1).describe('Greatest shift each way, as a fraction of the input.'),
  degrees: z.number().min(0).max(180).default(0).describe('Greatest rotation each way, in degrees.'),
  shear: z
    .number()
    .min(0)
    .max(30)
    .default(0)
    .describe('Greatest slant each way, along both axes, in degrees.'),
  flipHorizontal: probability(0.5).describe('Probability that left and right are exchanged.'),
  flipVertical: probability(0).describe('Probability that top and bottom are exchanged.'),
  hue: z.number().min(0).max(0.5).default(0.015).describe('Greatest turn of hue each way, in turns.'),
  saturation: probability(0.7).describe('Greatest change of saturation each way, as a fraction.'),
  value: probability(0.4).describe('Greatest change of value (brightness) each way, as a fraction.'),
  mixup: probability(0).describe('Probability that another image is blended in, with its objects.'),
  mixupBeta: z
    .number()
    .min(0.1)
    .max(1000)
    .default(8)
    .describe('The blend’s share is drawn from Beta(b, b) of this b: large is half and half.'),
  copies: z
    .number()
    .int()
    .min(0)
    .max(100)
    .default(0)
    .describe('Greatest number of objects copied from another image; the number is drawn from 0 up.'),
  copyCover: probability(0.1).describe('Greatest part of an object that copies may cover.'),
  blur: probability(0).describe('Probability of a Gaussian blur.'),
  blurSigma: z.number().min(0.1).max(10).default(1.5).describe('Greatest σ of the blur, in pixels.'),
  jpeg: probability(0).describe('Probability of JPEG noise.'),
  jpegQuality: range(1, 100, [30, 90]).describe(
    'Least and greatest quality of the JPEG noise, as encoders count.',
  ),
  crop: probability(0).describe('Probability that an image is cropped before it is placed.'),
  cropSide: range(0.05, 1, [0.5, 1]).describe(
    'Least and greatest side of a crop, as a fraction of the image’s.',
  ),
  minimumVisibility: probability(0.1).describe(
    'Least part of an object’s area that must stay for it to count.',
  ),
});

/** Which transforms images for training go through, and how strongly. */
export type AugmentationOptions = Readonly<z.output<typeof augmentationSchema>>;

/** Light, as tiny detectors want it: a network of few parameters cannot fit what is distorted much. */
export const AUGMENTATION_DEFAULTS: AugmentationOptions = augmentationSchema.parse({});

/** Nothing but the letterbox. */
export const NO_AUGMENTATION: AugmentationOptions = {
  ...AUGMENTATION_DEFAULTS,
  mosaic: 0,
  scale: [1, 1],
  translate: 0,
  degrees: 0,
  shear: 0,
  flipHorizontal: 0,
  flipVertical: 0,
  hue: 0,
  saturation: 0,
  value: 0,
  mixup: 0,
  copies: 0,
  blur: 0,
  jpeg: 0,
  crop: 0,
};
