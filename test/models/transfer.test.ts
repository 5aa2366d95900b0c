import { describe, expect, test } from 'vitest';
import { elementCount } from '../../src/foundation/element-count.ts';
import type { Tensor, Tensors } from '../../src/graph/operations.ts';
import { coversOutputs, transferWeights } from '../../src/models/transfer.ts';
import { NetworkBuilder } from '../../src/network/builder.ts';
import { withClasses } from '../../src/network/classifiers/output.ts';
import { withDetectionOutputs } from '../../src/network/detection-outputs.ts';
import type { Network } from '../../src/network/layers.ts';
import { networkParameters } from '../../src/network/parameters.ts';
import { tinyNetwork } from './tiny-model.ts';

/** Every value encodes its row: `first`, `first + 1` … */
function rowWeights(network: Network, first: number): Tensors {
  return new Map(
    networkParameters(network).map(({ name, shape }): [string, Tensor] => {
      const size = elementCount(shape.slice(1));
      const data = new Float32Array(elementCount(shape)).map((_, index) => first + Math.floor(index / size));
      return [name, { shape, data }];
    }),
  );
}

const detector = (classes: readonly string[], first: number) => {
  const network = withDetectionOutputs(tinyNetwork(), { classes: classes.length });
  return { network, classes, weights: rowWeights(network, first) };
};

function classifier(classes: readonly string[], first: number, last: 'dense' | 'conv') {
  const builder = new NetworkBuilder([3, 8, 8]);
  const features = builder.conv('features', 'input', { outChannels: 4, kernel: 1, bias: true });
  const scores =
    last === 'dense'
      ? builder.dense('logits', builder.globalAvgPool('pool', features), 2)
      : builder.globalAvgPool(
          'pool',
          builder.conv('logits', features, { outChannels: 2, kernel: 1, bias: true }),
        );
  builder.classes('classes', scores, { classes: 2, softmax: true });
  const network = withClasses(builder.build('kinds'), classes.length);
  return { network, classes, weights: rowWeights(network, first) };
}

/** The first number of each row. */
const rows = ({ shape, data }: Tensor) =>
  Array.from({ length: shape[0]! }, (_, row) => data[(row * data.length) / shape[0]!]);

describe('transferWeights', () => {
  test('takes what fits by name and shape, and initializes the rest', () => {
    const [start, from] = [detector(['a'], 0), detector(['a'], 1000)];
    const weights = new Map(from.weights);
    weights.delete('block0.conv.weight');
    weights.set('block1.norm.bias', { shape: [1], data: new Float32Array(1) });
    const { taken, left, ...transfer } = transferWeights(start, { ...from, weights });
    expect(left).toEqual(['block0.conv.weight', 'block1.norm.bias']);
    expect([...taken, ...left].sort()).toEqual([...start.weights.keys()].sort());
    expect([...transfer.weights.keys()]).toEqual([...start.weights.keys()]);
    expect(transfer.weights.get('block0.conv.weight')).toBe(start.weights.get('block0.conv.weight'));
    expect(rows(transfer.weights.get('block1.norm.weight')!)[0]).toBe(1000);
  });

  test.each(['logits.weight', 'logits.bias'])(
    'the class channels of a detector follow their names in %s',
    (name) => {
      const start = detector(['fish', 'dog', 'cat', 'bird'], 0);
      const { weights, taken } = transferWeights(start, detector(['cat', 'dog', 'bird'], 1000));
      // Two anchors: box and objectness, then the classes. Nine channels each now, eight before.
      const first = [1000, 1001, 1002, 1003, 1004, 5, 1006, 1005, 1007];
      const second = [1008, 1009, 1010, 1011, 1012, 14, 1014, 1013, 1015];
      expect(rows(weights.get(name)!)).toEqual([...first, ...second]);
      expect(taken).toContain(name);
    },
  );

  test.each(['dense', 'conv'] as const)(
    'the outputs of a classifier follow their names, in a %s layer',
    (last) => {
      const start = classifier(['fish', 'cat', 'dog'], 0, last);
      const { weights } = transferWeights(start, classifier(['dog', 'cat'], 1000, last));
      for (const name of ['logits.weight', 'logits.bias']) {
        expect(rows(weights.get(name)!)).toEqual([0, 1001, 1000]);
      }
      const fresh = transferWeights(start, classifier(['bird', 'cow', 'hen'], 1000, last));
      expect(fresh.left).toEqual(['logits.weight', 'logits.bias']);
    },
  );

  test('initializes classes with new names, even if their number is the same', () => {
    const { weights } = transferWeights(detector(['yak', 'emu'], 0), detector(['cat', 'dog'], 1000));
    const channels = rows(weights.get('logits.bias')!);
    expect([5, 6, 12, 13].map((channel) => channels[channel])).toEqual([5, 6, 12, 13]);
    expect(channels[4]).toBe(1004);
  });

  test('takes nothing beyond the end of a truncated file', () => {
    const [start, from] = [detector(['cat'], 0), detector(['cat'], 1000)];
    const weights = new Map([...from.weights].slice(0, 5));
    const { taken } = transferWeights(start, { ...from, weights });
    expect(taken).toEqual([...weights.keys()]);
    expect(coversOutputs(start.network, taken)).toBe(false);
    expect(coversOutputs(start.network, transferWeights(start, from).taken)).toBe(true);
  });
});
