import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { ExtraInput } from '../../models/graph-model.ts';
import type { GraphPort } from '../families/family.ts';

/** Meaning of inputs other than the image, by the names that exporters use. */
const MEANINGS: Readonly<Record<string, ExtraInput['value']>> = {
  scale_factor: 'scale-yx',
  im_shape: 'input-hw',
  image_shape: 'photo-hw',
  orig_target_sizes: 'photo-wh',
  orig_size: 'photo-wh',
  pixel_mask: 'pixel-mask',
};

const TYPES = ['float', 'int64', 'int32'] as const;

/**
 * Returns the inputs of a graph other than the image, by name.
 * @throws MicroYoloError `unsupported` for an input whose meaning is unknown
 */
export function extraInputs(
  inputs: readonly GraphPort[],
  image: string,
  name: string,
): Readonly<Record<string, ExtraInput>> {
  return Object.fromEntries(
    inputs
      .filter((input) => input.name !== image)
      .map((input): [string, ExtraInput] => {
        const value = MEANINGS[input.name];
        const type = TYPES.find((known) => known === input.type);
        if (value === undefined || type === undefined) {
          throw new MicroYoloError(
            'unsupported',
            `${name}: input ${input.name} (${input.type}) is unknown, expected ${Object.keys(MEANINGS).join(', ')} beside the image`,
          );
        }
        return [input.name, { type, value, shape: input.shape.map((size) => size ?? 1) }];
      }),
  );
}
