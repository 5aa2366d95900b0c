import { expect, test } from 'vitest';
import { swapActivations } from '../../../src/compression/quantize/swap-activations.ts';
import { DEFAULT_RECIPE, type Model } from '../../../src/models/model.ts';
import { mbconv } from '../../../src/network/blocks/mbconv.ts';
import { type Activation, NetworkBuilder } from '../../../src/network/builder.ts';
import { randomWeights } from '../../network/random-weights.ts';

/** One inverted bottleneck with squeeze and excitation. */
function modelWith(activation: Activation): Model {
  const builder = new NetworkBuilder([3, 8, 8]);
  const last = mbconv(builder, 'block', 'input', {
    ...{ outChannels: 4, kernel: 3, expansion: 2, activation },
    squeeze: { ratio: 2, of: 'expanded' },
  });
  const logits = builder.conv('logits', last, { outChannels: 6, kernel: 1, bias: true });
  builder.yolo('yolo', logits, { anchors: [[4, 4]], classes: 1 });
  const network = builder.build('swapped');
  return {
    ...{ network, weights: randomWeights(network, 1), classes: ['a'] },
    ...{ recipe: DEFAULT_RECIPE, provenance: { source: 'test' } },
  };
}

const functionsOf = ({ network }: Model) =>
  network.layers.flatMap((layer) => (layer.type === 'activation' ? [layer.function] : []));

test.each(['hardSwish', 'silu', 'mish', 'gelu', 'elu', 'selu'] as const)(
  '%s becomes the requested rectifier; gates stay',
  (activation) => {
    const { model, from } = swapActivations(modelWith(activation), 'relu6');
    expect(from).toEqual([activation]);
    expect(functionsOf(model)).toEqual(['relu6', 'relu6', 'relu', 'hardSigmoid']);
  },
);

test('keeps the slope of a LeakyReLU', () => {
  const { model, from } = swapActivations(modelWith({ function: 'leakyRelu', slope: 0.2 }), 'relu');
  expect(from).toEqual(['leakyRelu']);
  expect(functionsOf(model)).toEqual(['relu', 'relu', 'relu', 'hardSigmoid']);
  expect(JSON.stringify(model.network)).not.toContain('slope');
});

test.each(['relu', 'relu6'] as const)('a network with %s is unchanged', (activation) => {
  const given = modelWith(activation);
  const { model, from } = swapActivations(given, 'relu6');
  expect(from).toEqual([]);
  expect(model.network).toEqual(given.network);
});
