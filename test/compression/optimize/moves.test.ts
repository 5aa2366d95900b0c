import { describe, expect, test } from 'vitest';
import { croppedSide } from '../../../src/compression/optimize/crop-kernel.ts';
import { movedModel, movedNetwork } from '../../../src/compression/optimize/moves.ts';
import { proposeMoves } from '../../../src/compression/optimize/propose-moves.ts';
import { elementCount } from '../../../src/foundation/element-count.ts';
import { DEFAULT_RECIPE, type Model } from '../../../src/models/model.ts';
import { ImageNetwork } from '../../../src/models/running/image-network.ts';
import { NetworkBuilder } from '../../../src/network/builder.ts';
import { networkCost } from '../../../src/network/cost.ts';
import { outputLayers } from '../../../src/network/layers.ts';
import { networkParameters } from '../../../src/network/parameters.ts';
import { buildDetector } from '../../../src/network/registry.ts';
import { inferShapes } from '../../../src/network/shapes.ts';
import { randomWeights } from '../../network/random-weights.ts';

const BLOCK = 16;
const importance = { kind: 'l1', seed: 1 } as const;

/** Plain, depthwise and pointwise convolutions, with a shortcut. */
function smallModel(): Model {
  const builder = new NetworkBuilder([3, 32, 32]);
  builder.conv('stem', 'input', { outChannels: 32, kernel: 3, stride: 2 });
  builder.batchNorm('stem.norm', 'stem');
  builder.conv('depthwise', 'stem.norm', { outChannels: 32, kernel: 5, groups: 32 });
  builder.conv('pointwise', 'depthwise', { outChannels: 64, kernel: 1 });
  builder.batchNorm('pointwise.norm', 'pointwise');
  builder.conv('plain', 'pointwise.norm', { outChannels: 64, kernel: 3 });
  builder.sum('sum', ['plain', 'pointwise.norm']);
  builder.conv('logits', 'sum', { outChannels: 7, kernel: 1, bias: true });
  builder.yolo('head', 'logits', { anchors: [[10, 10]], classes: 2, scaleXY: 1 });
  const network = builder.build('small');
  const weights = randomWeights(network, 3);
  return { network, weights, classes: ['a', 'b'], recipe: DEFAULT_RECIPE, provenance: {} };
}

const small = smallModel();
const moves = proposeMoves(small, BLOCK);

test('offers moves of every kind that can pay off, in blocks', () => {
  const names = moves.map((move) => `${move.kind} ${move.kind === 'width' ? move.group : move.layer}`);
  expect(new Set(names)).toEqual(
    new Set([
      ...['width stem', 'width pointwise', 'kernel stem', 'kernel depthwise', 'kernel plain'],
      'rank plain',
    ]),
  );
  for (const move of moves) {
    if (move.kind === 'width') expect(move.to % BLOCK).toBe(0);
    if (move.kind === 'rank') expect(move.ranks.every((rank) => rank % BLOCK === 0)).toBe(true);
  }
});

test.each(moves.map((move) => [JSON.stringify(move), move] as const))(
  '%s gives a cheaper network with the same outputs and weights that fit it',
  (_, move) => {
    const moved = movedModel(small, move, importance)!;
    expect(moved.network).toEqual(movedNetwork(small.network, move));
    for (const { name, shape } of networkParameters(moved.network)) {
      expect(moved.weights.get(name)!.shape).toEqual(shape);
    }
    const [before, after] = [networkCost(small.network), networkCost(moved.network)];
    expect(after.macs).toBeLessThan(before.macs);
    expect(after.parameters.trainable).toBeLessThan(before.parameters.trainable);
    expect(inferShapes(moved.network).get('head')).toEqual(inferShapes(small.network).get('head'));
  },
);

test.each(['micro-yolo', 'yolo-nano', 'mobilenet-v3-small/fpn'] as const)(
  'every move changes %s and keeps the shapes of outputs',
  (name) => {
    const network = buildDetector(name, { classes: 2, size: 64 });
    // Moves look only at the shapes of weights.
    const weights = new Map(
      networkParameters(network).map(({ name: parameter, shape }) => [
        parameter,
        { shape, data: new Float32Array(elementCount(shape)) },
      ]),
    );
    const proposed = proposeMoves({ network, weights }, BLOCK);
    expect(proposed.length).toBeGreaterThan(10);
    const shapes = inferShapes(network);
    for (const move of proposed) {
      const moved = inferShapes(movedNetwork(network, move)!);
      for (const { name: output } of outputLayers(network))
        expect(moved.get(output)).toEqual(shapes.get(output));
    }
  },
);

test('leaves alone what another move has already changed', () => {
  for (const kind of ['width', 'kernel'] as const) {
    const move = moves.find((candidate) => candidate.kind === kind)!;
    const moved = movedModel(small, move, importance)!;
    expect(movedModel(moved, move, importance)).toBeUndefined();
    expect(movedNetwork(moved.network, move)).toBeUndefined();
  }
});

describe('a kernel without its border', () => {
  const builder = new NetworkBuilder([3, 20, 28]);
  builder.conv('first', 'input', { outChannels: 8, kernel: 5, stride: 2 });
  builder.conv('depthwise', 'first', { outChannels: 8, kernel: 3, groups: 8 });
  builder.conv('logits', 'depthwise', { outChannels: 7, kernel: 3, bias: true });
  builder.yolo('head', 'logits', { anchors: [[10, 10]], classes: 2, scaleXY: 1 });
  const network = builder.build('small');
  const model: Model = {
    ...{ network, weights: randomWeights(network, 5), classes: ['a', 'b'] },
    ...{ recipe: DEFAULT_RECIPE, provenance: {} },
  };
  const pixels = Uint8Array.from({ length: 20 * 28 * 3 }, (_, i) => (i * 2654435761) >>> 24);

  const outputs = async (of: Model) => {
    await using running = await ImageNetwork.open(of, { threads: 1 });
    return (await running.run(pixels))['head']!.data as Float32Array;
  };

  test.each(['first', 'depthwise', 'logits'])(
    'of %s gives the same outputs if the border was 0',
    async (layer) => {
      const { shape, data } = model.weights.get(`${layer}.weight`)!;
      const side = shape[2]!;
      const isRim = (at: number) => {
        const [row, column] = [Math.floor(at / side) % side, at % side];
        return Math.min(row, column) === 0 || Math.max(row, column) === side - 1;
      };
      const rimless = { shape, data: data.map((value, at) => (isRim(at) ? 0 : value)) };
      const whole = { ...model, weights: new Map([...model.weights, [`${layer}.weight`, rimless]]) };
      const move = { kind: 'kernel', layer, from: side, to: side - 2 } as const;
      const [before, after] = [await outputs(whole), await outputs(movedModel(whole, move, importance)!)];
      const largest = Math.max(...before.map(Math.abs));
      expect(Math.max(...before.map((value, i) => Math.abs(value - after[i]!)))).toBeLessThan(1e-5 * largest);
    },
  );

  test('is not offered for a kernel that has no border, or if it would shift the map', () => {
    const layer = network.layers[0]!;
    expect(croppedSide(layer)).toBe(3);
    expect(croppedSide({ ...layer, kernel: 1 } as never)).toBeUndefined();
    expect(croppedSide({ ...layer, kernel: [3, 1] } as never)).toBeUndefined();
    expect(croppedSide({ ...layer, padding: [0, 0, 1, 1] } as never)).toBeUndefined();
  });
});
