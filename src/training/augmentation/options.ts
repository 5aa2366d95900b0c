import * as z from 'zod';

const probability = (value: number) => z.number().min(0).max(1).default(value);
const range = (low: number, high: number, value: readonly [number, number]) =>
  z
    .tuple([z.number().min(low).max(high), z.number().min(low).max(high)])
    .refine(([from, to]) => from <= to, 'expected the smaller number first')
    .readonly()
    .default([...value]);

/** The section `augmentation` of an experiment file: every field with its unit, range and default. */
export const augmentationSchema = z.strictObject({
  mosaic: probability(0.5).describe('Probability that an image becomes part of a mosaic.'),
  mosaicTiles: z
    .literal([4, 9])
    .default(4)
    .describe('Images per mosaic. With nine, most are visible only if scale is well below 1.'),
  scale: range(0.1, 10, [0.5, 1.5]).describe(
    'Minimum and maximum scale factor, relative to the letterboxed image.',
  ),
  translate: probability(0.1).describe('Maximum shift in each direction, as a fraction of the input.'),
  degrees: z.number().min(0).max(180).default(0).describe('Maximum rotation in each direction, in degrees.'),
  shear: z
    .number()
    .min(0)
    .max(30)
    .default(0)
    .describe('Maximum shear in each direction, along both axes, in degrees.'),
  flipHorizontal: probability(0.5).describe('Probability of a horizontal flip.'),
  flipVertical: probability(0).describe('Probability of a vertical flip.'),
  hue: z.number().min(0).max(0.5).default(0.015).describe('Maximum hue shift in each direction, in turns.'),
  saturation: probability(0.7).describe('Maximum change of saturation in each direction, as a fraction.'),
  value: probability(0.4).describe('Maximum change of value (brightness) in each direction, as a fraction.'),
  mixup: probability(0).describe('Probability that another image is blended in, with its objects.'),
  mixupBeta: z
    .number()
    .min(0.1)
    .max(1000)
    .default(8)
    .describe('The blend’s share is drawn from Beta(b, b) with this b. Large values give half and half.'),
  copies: z
    .number()
    .int()
    .min(0)
    .max(100)
    .default(0)
    .describe('Maximum number of objects copied from another image. The number is drawn from 0 to this.'),
  copyCover: probability(0.1).describe('Maximum part of an object that copies may cover.'),
  blur: probability(0).describe('Probability of a Gaussian blur.'),
  blurSigma: z.number().min(0.1).max(10).default(1.5).describe('Maximum σ of the blur, in pixels.'),
  jpeg: probability(0).describe('Probability of JPEG artifacts.'),
  jpegQuality: range(1, 100, [30, 90]).describe('Minimum and maximum JPEG quality, on the encoder’s scale.'),
  crop: probability(0).describe('Probability that an image is cropped before it is placed.'),
  cropSide: range(0.05, 1, [0.5, 1]).describe(
    'Minimum and maximum side of a crop, as a fraction of the image’s.',
  ),
  minimumVisibility: probability(0.1).describe(
    'Minimum part of an object’s area that must remain visible for it to count.',
  ),
});

/** Transforms of training images, and how strong they are. */
export type AugmentationOptions = Readonly<z.output<typeof augmentationSchema>>;

/** Light augmentation: a network with few parameters cannot fit strongly distorted images. */
export const AUGMENTATION_DEFAULTS: AugmentationOptions = augmentationSchema.parse({});

/** The letterbox only. */
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
