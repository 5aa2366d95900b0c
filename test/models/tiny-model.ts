import { DEFAULT_RECIPE, type Model } from '../../src/models/model.ts';
import { convBlock } from '../../src/network/blocks/conv-block.ts';
import { NetworkBuilder } from '../../src/network/builder.ts';
import type { Network } from '../../src/network/layers.ts';
import { randomWeights } from '../network/random-weights.ts';

/** One stride-32 head with two classes at 64 px: runs in a millisecond. */
export function tinyNetwork(): Network {
  const builder = new NetworkBuilder([3, 64, 64]);
  let last = 'input';
  for (const [index, outChannels] of [8, 8, 8, 16, 16].entries()) {
    last = convBlock(builder, `block${index}`, last, {
      outChannels,
      kernel: 3,
      stride: 2,
      activation: 'relu',
    });
  }
  const logits = builder.conv('logits', last, { outChannels: 14, kernel: 1, bias: true });
  const anchors = [
    [16, 16],
    [32, 48],
  ] as const;
  builder.yolo('head', logits, { anchors, classes: 2 });
  return builder.build('tiny');
}

/** A detector of circles and squares with random weights: finds something almost everywhere. */
export function tinyModel(): Model {
  const network = tinyNetwork();
  const weights = new Map(randomWeights(network, 7));
  weights.set('logits.bias', { shape: [14], data: new Float32Array(14) });
  return {
    network,
    weights,
    classes: ['circle', 'square'],
    recipe: DEFAULT_RECIPE,
    provenance: { source: 'test' },
  };
}
