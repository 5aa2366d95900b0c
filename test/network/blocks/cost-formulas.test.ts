import { describe, expect, test } from 'vitest';
import { convBlock } from '../../../src/network/blocks/conv-block.ts';
import {
  convMacs,
  convWeights,
  dsconvMacs,
  dsconvRatio,
  dsconvWeights,
  mbconvMacs,
  mbconvWeights,
} from '../../../src/network/blocks/cost-formulas.ts';
import { dsconv } from '../../../src/network/blocks/dsconv.ts';
import { mbconv } from '../../../src/network/blocks/mbconv.ts';
import type { Squeeze } from '../../../src/network/blocks/squeeze-excite.ts';
import { NetworkBuilder } from '../../../src/network/builder.ts';
import { networkCost } from '../../../src/network/cost.ts';

const WIDTH = 6;
const HEIGHT = 5;

/** The cost of a block in the built network, without biases and batch norms. */
function built(inChannels: number, append: (builder: NetworkBuilder) => void) {
  const builder = new NetworkBuilder([inChannels, HEIGHT, WIDTH]);
  append(builder);
  const { macs, layers } = networkCost(builder.build('block'));
  const weights = layers.reduce((sum, { layer, parameters }) => {
    if (layer.type !== 'conv') return sum;
    return sum + parameters.total - (layer.bias ? layer.outChannels : 0);
  }, 0);
  return { weights, macs };
}

const sizes = [1, 3, 5, 7].flatMap((kernel) =>
  [1, 3, 16, 40].flatMap((inChannels) =>
    [1, 24, 32].map((outChannels) => ({ kernel, inChannels, outChannels })),
  ),
);
const squeezes: readonly (Squeeze | undefined)[] = [
  undefined,
  { ratio: 4, of: 'input' },
  { ratio: 4, of: 'expanded' },
  { ratio: 3, of: 'expanded' },
];
const mbSizes = sizes.flatMap((size) =>
  [1, 2, 6].flatMap((expansion) => squeezes.map((squeeze) => ({ ...size, expansion, squeeze }))),
);
const area = { width: WIDTH, height: HEIGHT };

describe('the formulas equal what the builder builds', () => {
  test.each(sizes)('for a convolution: $kernel×$kernel, $inChannels to $outChannels', (size) => {
    const { inChannels, ...options } = size;
    const cost = built(inChannels, (builder) =>
      convBlock(builder, 'b', 'input', { ...options, activation: 'relu' }),
    );
    expect({ weights: convWeights(size), macs: convMacs({ ...size, ...area }) }).toEqual(cost);
  });

  test.each(sizes)('for DSConv: $kernel×$kernel, $inChannels to $outChannels', (size) => {
    const { inChannels, ...options } = size;
    const cost = built(inChannels, (builder) =>
      dsconv(builder, 'b', 'input', { ...options, activation: 'relu' }),
    );
    expect({ weights: dsconvWeights(size), macs: dsconvMacs({ ...size, ...area }) }).toEqual(cost);
  });

  test.each(mbSizes)(
    'for MBConv: $kernel×$kernel, $inChannels to $outChannels, expansion $expansion, squeeze $squeeze',
    (size) => {
      const { inChannels, ...options } = size;
      const cost = built(inChannels, (builder) =>
        mbconv(builder, 'b', 'input', { ...options, activation: 'relu' }),
      );
      expect({ weights: mbconvWeights(size), macs: mbconvMacs({ ...size, ...area }) }).toEqual(cost);
    },
  );
});

describe('dsconvRatio', () => {
  test.each(sizes)('is 1/Cout + 1/k²: $kernel×$kernel, $inChannels to $outChannels', (size) => {
    expect(dsconvRatio(size)).toBeCloseTo(1 / size.outChannels + 1 / size.kernel ** 2, 15);
    expect(dsconvWeights(size) / convWeights(size)).toBeCloseTo(dsconvRatio(size), 12);
  });
});

test('3×3 from 16 to 32 channels has 4,608 weights as a convolution and 656 as DSConv', () => {
  const size = { kernel: 3, inChannels: 16, outChannels: 32 };
  expect([convWeights(size), dsconvWeights(size)]).toEqual([4608, 144 + 512]);
});

// The formulas and the builder share this rule, so it is checked against numbers.
describe('squeeze and excitation', () => {
  const size = { kernel: 3, inChannels: 10, outChannels: 4, expansion: 3 };
  const added = (squeeze: Squeeze) => mbconvWeights({ ...size, squeeze }) - mbconvWeights(size);

  test("reduces to a share of the block's input, as EfficientNet does", () => {
    expect(added({ ratio: 4, of: 'input' })).toBe(2 * 30 * 2);
  });

  test('reduces to a share of the expanded maps, as MobileNetV3 does', () => {
    expect(added({ ratio: 4, of: 'expanded' })).toBe(2 * 30 * 7);
  });

  test('reduces to at least one channel', () => {
    expect(added({ ratio: 16, of: 'input' })).toBe(2 * 30 * 1);
  });

  test('runs once per image, whatever its size', () => {
    const squeeze = { ratio: 4, of: 'input' } as const;
    for (const side of [1, 8]) {
      const square = { ...size, width: side, height: side };
      expect(mbconvMacs({ ...square, squeeze }) - mbconvMacs(square)).toBe(2 * 30 * 2);
    }
  });
});
