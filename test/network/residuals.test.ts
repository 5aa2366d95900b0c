import { describe, expect, test } from 'vitest';
import { convBlock } from '../../src/network/blocks/conv-block.ts';
import { dsconv } from '../../src/network/blocks/dsconv.ts';
import { mbconv } from '../../src/network/blocks/mbconv.ts';
import { NetworkBuilder } from '../../src/network/builder.ts';
import { INPUT } from '../../src/network/layers.ts';
import { residualNorms } from '../../src/network/residuals.ts';

const conv = { outChannels: 8, kernel: 3 };

describe('norms that end a residual branch', () => {
  test('are those of blocks that add their input', () => {
    const builder = new NetworkBuilder([8, 16, 16]);
    const dense = dsconv(builder, 'a', INPUT, {
      outChannels: 8,
      kernel: 3,
      shortcut: 'identity',
      activation: 'relu',
    });
    const same = {
      outChannels: 8,
      kernel: 3,
      expansion: 2,
      shortcut: 'identity',
      activation: 'relu',
    } as const;
    mbconv(builder, 'c', mbconv(builder, 'b', dense, same), same);
    expect(residualNorms(builder.build('n'))).toEqual(['a.pointwise.norm', 'b.reduce.norm', 'c.reduce.norm']);
  });

  test('do not exist if a block changes size or channels, or if both branches have their own layers', () => {
    const builder = new NetworkBuilder([8, 16, 16]);
    const options = { kernel: 3, shortcut: 'identity', activation: 'relu' } as const;
    const wide = dsconv(builder, 'a', INPUT, { ...options, outChannels: 16 });
    const small = mbconv(builder, 'b', wide, { ...options, outChannels: 16, stride: 2, expansion: 2 });
    builder.sum('sum', [convBlock(builder, 'left', small, conv), convBlock(builder, 'right', small, conv)]);
    expect(residualNorms(builder.build('n'))).toEqual([]);
  });

  test('are found in either order of the added maps', () => {
    const builder = new NetworkBuilder([8, 16, 16]);
    const trunk = convBlock(builder, 'trunk', INPUT, conv);
    builder.sum('sum', [convBlock(builder, 'branch', trunk, conv), trunk]);
    expect(residualNorms(builder.build('n'))).toEqual(['branch.norm']);
  });
});
