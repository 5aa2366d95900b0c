import * as z from 'zod';
import { roundChannels } from '../blocks/round-channels.ts';
import type { Squeeze } from '../blocks/squeeze-excite.ts';
import type { Activation } from '../builder.ts';
import type { Backbone, Stage } from './stages.ts';

export const mobileNetV3Options = z.strictObject({
  /** Width multiplier relative to the paper's channels, which are then rounded to multiples of 8. */
  width: z.number().positive().max(4).default(1),
});

/** One block: kernel, expanded channels, output channels, squeeze and excitation, activation, stride, tap. */
type Row = readonly [
  kernel: 3 | 5,
  expanded: number,
  out: number,
  squeezed: boolean,
  activation: Activation,
  stride: 1 | 2,
  tap?: true,
];

/** Comments give the side of the feature map for a 224 px input, which is 112 before the first row. */
const LARGE: readonly Row[] = [
  [3, 16, 16, false, 'relu', 1],
  [3, 64, 24, false, 'relu', 2], // 56
  [3, 72, 24, false, 'relu', 1],
  [5, 72, 40, true, 'relu', 2], // 28
  [5, 120, 40, true, 'relu', 1],
  [5, 120, 40, true, 'relu', 1, true],
  [3, 240, 80, false, 'hardSwish', 2], // 14
  [3, 200, 80, false, 'hardSwish', 1],
  [3, 184, 80, false, 'hardSwish', 1],
  [3, 184, 80, false, 'hardSwish', 1],
  [3, 480, 112, true, 'hardSwish', 1],
  [3, 672, 112, true, 'hardSwish', 1, true],
  [5, 672, 160, true, 'hardSwish', 2], // 7
  [5, 960, 160, true, 'hardSwish', 1],
  [5, 960, 160, true, 'hardSwish', 1, true],
];

const SMALL: readonly Row[] = [
  [3, 16, 16, true, 'relu', 2], // 56
  [3, 72, 24, false, 'relu', 2], // 28
  [3, 88, 24, false, 'relu', 1, true],
  [5, 96, 40, true, 'hardSwish', 2], // 14
  [5, 240, 40, true, 'hardSwish', 1],
  [5, 240, 40, true, 'hardSwish', 1],
  [5, 120, 48, true, 'hardSwish', 1],
  [5, 144, 48, true, 'hardSwish', 1, true],
  [5, 288, 96, true, 'hardSwish', 2], // 7
  [5, 576, 96, true, 'hardSwish', 1],
  [5, 576, 96, true, 'hardSwish', 1, true],
];

/** Output channels of the first convolution. */
const STEM = 16;

const squeeze: Squeeze = { ratio: 4, of: 'expanded', multiple: 8 };

function mobileNetV3(rows: readonly Row[], hidden: number, width: number): Backbone {
  const of = (channels: number) => roundChannels(channels * width);
  const stages = rows.map(
    ([kernel, expanded, out, squeezed, activation, stride, tap]): Stage => ({
      block: 'mbconv',
      kernel,
      stride,
      out: of(out),
      activation,
      shortcut: 'identity',
      // The first block has no expansion.
      ...(expanded === STEM ? {} : { expand: { channels: of(expanded) } }),
      ...(squeezed ? { squeeze } : {}),
      ...(tap ? { tap } : {}),
    }),
  );
  const deepest = of(rows.at(-1)![2]);
  return {
    stages: [{ block: 'conv', kernel: 3, stride: 2, out: of(STEM) }, ...stages],
    activation: 'hardSwish',
    conventions: { norm: { epsilon: 1e-3, momentum: 0.01 } },
    classifier: { features: 6 * deepest, hidden: of(hidden), dropout: 0.2 },
  };
}

/** MobileNetV3-large, https://arxiv.org/abs/1905.02244. */
export function mobileNetV3Large({ width }: z.output<typeof mobileNetV3Options>): Backbone {
  return mobileNetV3(LARGE, 1280, width);
}

/** MobileNetV3-small, https://arxiv.org/abs/1905.02244. */
export function mobileNetV3Small({ width }: z.output<typeof mobileNetV3Options>): Backbone {
  return mobileNetV3(SMALL, 1024, width);
}
