import { describe, expect, test } from 'vitest';
import { NetworkBuilder } from '../../src/network/builder.ts';

describe('NetworkBuilder', () => {
  test('fills in the defaults of a conv', () => {
    const builder = new NetworkBuilder([3, 8, 8]);
    builder.conv('c', 'input', { outChannels: 4, kernel: 5 });
    expect(builder.build('n').layers).toEqual([
      {
        type: 'conv',
        name: 'c',
        inputs: ['input'],
        outChannels: 4,
        kernel: 5,
        stride: 1,
        padding: [2, 2, 2, 2],
        groups: 1,
        bias: false,
      },
    ]);
  });

  test("a conv's own options override the defaults", () => {
    const builder = new NetworkBuilder([4, 8, 8]);
    const options = {
      outChannels: 4,
      kernel: 3,
      stride: 2,
      padding: [0, 0, 1, 1],
      groups: 4,
      bias: true,
    } as const;
    builder.conv('c', 'input', options);
    expect(builder.build('n').layers[0]).toEqual({ type: 'conv', name: 'c', inputs: ['input'], ...options });
  });

  test("uses the network's norms and padding unless a layer overrides them", () => {
    const norm = { epsilon: 1e-3, momentum: 0.01 };
    const builder = new NetworkBuilder([3, 8, 8], { padding: 'end', norm });
    builder.conv('c', 'input', { outChannels: 4, kernel: 3, stride: 2 });
    builder.conv('d', 'input', { outChannels: 4, kernel: 3, stride: 2, padding: [1, 1, 1, 1] });
    builder.batchNorm('n', 'c');
    builder.batchNorm('m', 'c', { epsilon: 1e-2 });
    expect(builder.build('n').layers).toMatchObject([
      { padding: [0, 0, 1, 1] },
      { padding: [1, 1, 1, 1] },
      norm,
      { epsilon: 1e-2, momentum: 0.01 },
    ]);
  });

  test("gives a batch norm PyTorch's defaults", () => {
    const builder = new NetworkBuilder([3, 8, 8]);
    builder.batchNorm('n', 'input');
    expect(builder.build('n').layers).toEqual([
      { type: 'batchNorm', name: 'n', inputs: ['input'], epsilon: 1e-5, momentum: 0.1 },
    ]);
  });

  test('takes an activation by name or with its slope', () => {
    const builder = new NetworkBuilder([3, 8, 8]);
    builder.activation('a', 'input', 'relu');
    builder.activation('b', 'a', { function: 'leakyRelu', slope: 0.1 });
    expect(builder.build('n').layers).toEqual([
      { type: 'activation', name: 'a', inputs: ['input'], function: 'relu' },
      { type: 'activation', name: 'b', inputs: ['a'], function: 'leakyRelu', slope: 0.1 },
    ]);
  });

  test('appends every other layer that it has a method for', () => {
    const builder = new NetworkBuilder([7, 8, 8]);
    const pool = builder.maxPool('pool', 'input', { kernel: 2, stride: 2 });
    const up = builder.upsample('up', pool, 2);
    const gate = builder.globalAvgPool('gate', up);
    const gated = builder.multiply('gated', up, gate);
    const joined = builder.concat('joined', [gated, 'input']);
    builder.yolo('head', joined, {
      anchors: [
        [1, 2],
        [3, 4],
      ],
      classes: 2,
    });
    expect(builder.build('n').layers).toEqual([
      { type: 'maxPool', name: 'pool', inputs: ['input'], kernel: 2, stride: 2, padding: [0, 0, 0, 0] },
      { type: 'upsample', name: 'up', inputs: ['pool'], factor: 2 },
      { type: 'globalAvgPool', name: 'gate', inputs: ['up'] },
      { type: 'multiply', name: 'gated', inputs: ['up', 'gate'] },
      { type: 'concat', name: 'joined', inputs: ['gated', 'input'] },
      {
        type: 'yolo',
        name: 'head',
        inputs: ['joined'],
        anchors: [
          [1, 2],
          [3, 4],
        ],
        classes: 2,
        scaleXY: 1,
      },
    ]);
  });

  test('knows the shape of each layer so far', () => {
    const builder = new NetworkBuilder([3, 9, 8]);
    builder.conv('c', 'input', { outChannels: 4, kernel: 3, stride: 2 });
    expect(builder.shape('input')).toEqual([3, 9, 8]);
    expect(builder.shape('c')).toEqual([4, 5, 4]);
    expect(builder.channels('c')).toBe(4);
  });

  test('names a layer that does not fit as soon as it is added', () => {
    const builder = new NetworkBuilder([3, 8, 8]);
    expect(() => builder.yolo('head', 'input', { anchors: [[1, 1]], classes: 2 })).toThrow(
      'layer head (yolo): 3 channels, expected anchors × (5 + classes) = 1 × 7 = 7',
    );
  });

  test('refuses to read a nonexistent layer', () => {
    expect(() => new NetworkBuilder([3, 8, 8]).upsample('up', 'nowhere', 2)).toThrow(
      'layer nowhere: does not exist yet; the last ones are input',
    );
  });

  test('refuses two layers with one name', () => {
    const builder = new NetworkBuilder([3, 8, 8]);
    builder.activation('a', 'input', 'relu');
    builder.activation('a', 'input', 'relu');
    expect(() => builder.build('n')).toThrow('layer a (activation): its name is taken by an earlier layer');
  });

  test('builds a network with layers that nothing reads', () => {
    const builder = new NetworkBuilder([3, 8, 8]);
    builder.activation('a', 'input', 'relu');
    const network = builder.build('n');
    builder.activation('b', 'a', 'relu');
    expect(network).toMatchObject({ name: 'n', input: [3, 8, 8], layers: [{ name: 'a' }] });
    expect(network.layers).toHaveLength(1);
  });
});
