import * as z from 'zod';
import { roundChannels } from '../blocks/round-channels.ts';
import type { Squeeze } from '../blocks/squeeze-excite.ts';
import type { Backbone, Stage } from './stages.ts';

/** Multipliers of EfficientNet-B0's depth and width, and the side of the square input in pixels. */
export interface CompoundScale {
  readonly depth: number;
  readonly width: number;
  readonly resolution: number;
}

/** α, β and γ of https://arxiv.org/abs/1905.11946, equation 3: α·β²·γ² ≈ 2. */
const BASES = { depth: 1.2, width: 1.1, resolution: 1.15 } as const;

/**
 * Scales depth, width and resolution together with one coefficient, to about 2^φ times the multiply-accumulates of B0.
 * The published B1 to B7 use these factors rounded by hand: see `EFFICIENTNETS`.
 * @param phi φ ≥ 0; 0 is B0
 */
export function compoundScale(phi: number): CompoundScale {
  return {
    depth: BASES.depth ** phi,
    width: BASES.width ** phi,
    resolution: Math.round(224 * BASES.resolution ** phi),
  };
}

interface Published extends CompoundScale {
  readonly dropout: number;
}

/** The factors of B0 to B7 in the authors' code. */
export const EFFICIENTNETS = {
  b0: { depth: 1, width: 1, resolution: 224, dropout: 0.2 },
  b1: { depth: 1.1, width: 1, resolution: 240, dropout: 0.2 },
  b2: { depth: 1.2, width: 1.1, resolution: 260, dropout: 0.3 },
  b3: { depth: 1.4, width: 1.2, resolution: 300, dropout: 0.3 },
  b4: { depth: 1.8, width: 1.4, resolution: 380, dropout: 0.4 },
  b5: { depth: 2.2, width: 1.6, resolution: 456, dropout: 0.4 },
  b6: { depth: 2.6, width: 1.8, resolution: 528, dropout: 0.5 },
  b7: { depth: 3.1, width: 2, resolution: 600, dropout: 0.5 },
} as const satisfies Readonly<Record<string, Published>>;

/**
 * t, k, s, c, n of B0: expansion, kernel, stride, channels, blocks. Comments give the side of the feature map for a 224
 * px input, which is 112 before the first row.
 */
const ROWS = [
  [1, 3, 1, 16, 1],
  [6, 3, 2, 24, 2], // 56
  [6, 5, 2, 40, 2], // 28
  [6, 3, 2, 80, 3], // 14
  [6, 5, 1, 112, 3],
  [6, 5, 2, 192, 4], // 7
  [6, 3, 1, 320, 1],
] as const;

/** Output channels of the last rows at strides 8, 16 and 32. */
const TAPPED: readonly number[] = [40, 112, 320];

const squeeze: Squeeze = { ratio: 4, of: 'input', activation: 'silu', gate: 'sigmoid' };

function rows(scale: CompoundScale, squeezed: boolean): readonly Stage[] {
  return ROWS.map(
    ([expand, kernel, stride, channels, repeat]): Stage => ({
      block: 'mbconv',
      kernel,
      stride,
      out: roundChannels(channels * scale.width),
      repeat: Math.ceil(repeat * scale.depth),
      shortcut: 'identity',
      ...(expand > 1 ? { expand } : {}),
      ...(squeezed ? { squeeze } : {}),
      ...(TAPPED.includes(channels) ? { tap: true } : {}),
    }),
  );
}

/** EfficientNet, https://arxiv.org/abs/1905.11946, without stochastic depth, which only training uses. */
export function efficientNet(scale: CompoundScale, dropout: number): Backbone {
  const of = (channels: number) => roundChannels(channels * scale.width);
  return {
    stages: [{ block: 'conv', kernel: 3, stride: 2, out: of(32) }, ...rows(scale, true)],
    activation: 'silu',
    classifier: { features: of(1280), dropout },
    resolution: scale.resolution,
  };
}

export const efficientNetOptions = z.strictObject({
  /** φ, the coefficient of compound scaling. */
  phi: z.number().min(0).max(8).default(0),
});

/** EfficientNet, scaled by the paper's formula. */
export function scaledEfficientNet({ phi }: z.output<typeof efficientNetOptions>): Backbone {
  return efficientNet(compoundScale(phi), 0.2);
}

/** One of the published B0 to B7. From B5 on, the norms have the settings of the weights that PyTorch users load. */
export function publishedEfficientNet(name: keyof typeof EFFICIENTNETS): Backbone {
  const { dropout, ...scale } = EFFICIENTNETS[name];
  const backbone = efficientNet(scale, dropout);
  return name < 'b5' ? backbone : { ...backbone, conventions: { norm: { epsilon: 1e-3, momentum: 0.01 } } };
}

/**
 * EfficientNet-Lite0 (https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite): B0 without
 * squeeze and excitation. It uses ReLU6, which suits integer arithmetic.
 */
export function efficientNetLite0(): Backbone {
  const { dropout, ...scale } = EFFICIENTNETS.b0;
  return {
    stages: [{ block: 'conv', kernel: 3, stride: 2, out: 32 }, ...rows(scale, false)],
    activation: 'relu6',
    classifier: { features: 1280, dropout },
  };
}
