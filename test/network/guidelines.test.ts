import { describe, expect, test } from 'vitest';
import { NetworkBuilder } from '../../src/network/builder.ts';
import { type Guideline, guidelineVerdicts } from '../../src/network/guidelines.ts';
import type { Network } from '../../src/network/layers.ts';
import { buildNetwork } from '../../src/network/registry.ts';

const broken = (network: Network) =>
  guidelineVerdicts(network)
    .filter(({ isKept }) => !isKept)
    .map(({ guideline }) => guideline);

// Statements of https://arxiv.org/abs/1807.11164 and its readers about them.
test.each<readonly [name: string, broken: readonly Guideline[]]>([
  ['shufflenet-v1', ['equal widths', 'few groups']],
  ['shufflenet-v1:groups=8', ['equal widths', 'few groups']],
  ['mobilenet-v2', ['equal widths', 'few element-wise operations']],
  ['mnasnet-a1', ['little fragmentation']],
  ['mnasnet-b1', ['little fragmentation']],
  ['mobilenet-v3-large', ['equal widths', 'little fragmentation']],
  ['mobilenet-v3-small', ['equal widths', 'little fragmentation']],
])('%s breaks %j', (name, expected) => {
  expect(broken(buildNetwork(name))).toEqual(expect.arrayContaining([...expected]));
});

test.each(['0.5', '1', '1.5', '2'])('shufflenet-v2:%s follows all four', (width) => {
  expect(broken(buildNetwork(`shufflenet-v2:${width}`))).toEqual([]);
});

describe('guidelineVerdicts', () => {
  const network = (append: (builder: NetworkBuilder) => void) => {
    const builder = new NetworkBuilder([16, 8, 8]);
    append(builder);
    return builder.build('n');
  };

  test('compares the data moved by 1×1 convolutions with that of equal channels', () => {
    // hw(c1 + c2) + c1·c2 over 2hw√(c1·c2) + c1·c2, for 16 and 64 channels on 64 pixels: 6144 / 5120.
    const found = network((builder) => builder.conv('wide', 'input', { outChannels: 64, kernel: 1 }));
    expect(guidelineVerdicts(found)[0]).toEqual({
      guideline: 'equal widths',
      isKept: false,
      finding: '1×1 convolutions move 1.20 times the data of ones with equal input and output channels',
      layers: ['wide'],
    });
  });

  test('does not count depthwise convolutions as grouped', () => {
    const depthwise = network((builder) =>
      builder.conv('c', 'input', { outChannels: 16, kernel: 3, groups: 16 }),
    );
    const grouped = network((builder) =>
      builder.conv('c', 'input', { outChannels: 16, kernel: 3, groups: 4 }),
    );
    expect([broken(depthwise).includes('few groups'), broken(grouped).includes('few groups')]).toEqual([
      false,
      true,
    ]);
  });

  test('names the layers that move most data if element-wise operations dominate', () => {
    const found = network((builder) => {
      const conv = builder.conv('c', 'input', { outChannels: 16, kernel: 1 });
      const act = builder.activation('a', builder.activation('b', conv, 'relu'), 'relu');
      builder.sum('s', [act, conv]);
    });
    const verdict = guidelineVerdicts(found)[3]!;
    expect([verdict.isKept, verdict.layers]).toEqual([false, ['s', 'b', 'a']]);
  });

  test('a network that can break none follows all', () => {
    expect(broken(network((builder) => builder.maxPool('p', 'input', { kernel: 2, stride: 2 })))).toEqual([]);
  });
});
