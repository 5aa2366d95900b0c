import { describe, expect, it } from 'vitest';
import { readDarknetNetwork } from '../../../../src/models/formats/darknet/network.ts';
import {
  darknetOrder,
  readDarknetWeights,
  writeDarknetWeights,
} from '../../../../src/models/formats/darknet/weights.ts';
import { fixtureBytes, fixtureNetwork } from './goldens.ts';

/** A normalized convolution with 2 filters (4 × 2 + 6 numbers), then a plain one (3 + 6). */
const network = readDarknetNetwork(
  `[net]
   width=4
   height=4
   [convolutional]
   batch_normalize=1
   filters=2
   activation=leaky
   [convolutional]
   filters=3
   activation=linear`,
  'two.cfg',
);
const VALUES = 23;

/** A file that holds 0, 1, 2 … after its header of 32-bit integers. */
function weightsFile(header: readonly number[], count = VALUES): Uint8Array {
  const integers = new Uint8Array(Int32Array.from(header).buffer);
  const values = new Uint8Array(Float32Array.from({ length: count }, (_, index) => index).buffer);
  return Uint8Array.of(...integers, ...values);
}

const VERSION_0_2 = [0, 2, 0, 0, 0];

const thrown = (bytes: Uint8Array) => {
  try {
    readDarknetWeights(bytes, network, 'two.weights');
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('readDarknetWeights', () => {
  it.each([
    ['0.1', 'of 16 bytes', [0, 1, 0, 7]],
    ['0.2', 'of 20 bytes', [0, 2, 0, 7, 0]],
    ['0.2.5', 'of 20 bytes', [0, 2, 5, 7, 0]],
    ['1.0', 'of 20 bytes', [1, 0, 0, 7, 0]],
  ])('skips the header of version %s, %s', (_version, _length, header) => {
    const tensors = readDarknetWeights(weightsFile(header), network, 'two.weights');
    expect([...tensors.get('0.norm.bias')!.data]).toEqual([0, 1]);
  });

  it.each([
    ['0.norm.bias', [2], 0],
    ['0.norm.weight', [2], 2],
    ['0.norm.running_mean', [2], 4],
    ['0.norm.running_var', [2], 6],
    ['0.conv.weight', [2, 3, 1, 1], 8],
    ['1.conv.bias', [3], 14],
    ['1.conv.weight', [3, 2, 1, 1], 17],
  ])('reads %s, %j, starting at number %i', (name, shape, first) => {
    const tensor = readDarknetWeights(weightsFile(VERSION_0_2), network, 'two.weights').get(name)!;
    expect({ shape: tensor.shape, first: tensor.data[0] }).toEqual({ shape, first });
    expect(tensor.data).toHaveLength(shape.reduce((product, size) => product * size));
  });

  it('reads bytes at any offset in a buffer', () => {
    const file = weightsFile(VERSION_0_2);
    const shifted = new Uint8Array(file.length + 1);
    shifted.set(file, 1);
    const tensors = readDarknetWeights(shifted.subarray(1), network, 'two.weights');
    expect([...tensors.get('0.norm.weight')!.data]).toEqual([2, 3]);
  });

  it("does not share the file's memory", () => {
    const file = weightsFile(VERSION_0_2);
    const tensors = readDarknetWeights(file, network, 'two.weights');
    file.fill(255);
    expect([...tensors.get('0.norm.bias')!.data]).toEqual([0, 1]);
  });

  it.each([
    ['in the last layer', 111, '1.conv.weight'],
    ['between two layers', 20 + 14 * 4, '1.conv.bias'],
    ['in a batch norm', 20 + 5 * 4, '0.norm.running_mean'],
    ['after the header', 20, '0.norm.bias'],
    ['in the header', 8, '0.norm.bias'],
    ['before it begins', 0, '0.norm.bias'],
  ])('says what is missing from a file that ends %s', (_where, length, name) => {
    expect(thrown(weightsFile(VERSION_0_2).subarray(0, length))).toMatchObject({
      code: 'invalid-file',
      message: `two.weights: ${length} bytes, expected 112 for two.cfg; it ends inside ${name}; is it complete, and does it belong to this .cfg?`,
    });
  });

  it('says how much is left over in a file that is too long', () => {
    expect(thrown(weightsFile(VERSION_0_2, VALUES + 1))).toMatchObject({
      code: 'invalid-file',
      message:
        'two.weights: 116 bytes, expected 112 for two.cfg; 4 are left over after the last layer; does it belong to this .cfg?',
    });
  });
});

describe('a file with only the first convolutions', () => {
  const read = (length: number) =>
    readDarknetWeights(weightsFile(VERSION_0_2).subarray(0, length), network, 'two.conv.1', {
      partial: true,
    });

  it('gives the layers that it contains', () => {
    expect([...read(20 + 14 * 4).keys()]).toEqual([
      ...['0.norm.bias', '0.norm.weight', '0.norm.running_mean', '0.norm.running_var', '0.conv.weight'],
    ]);
    expect(read(20 + 23 * 4).size).toBe(7);
  });

  it.each([
    ['within a layer', 20 + 13 * 4],
    ['between the tensors of a convolution', 20 + 4 * 4],
    ['after the header', 20],
  ])('is refused if it ends %s', (_where, length) => {
    expect(() => read(length)).toThrow(/two\.conv\.1: .* is it complete/);
  });
});

describe('writeDarknetWeights', () => {
  it.each(['pools', 'routes', 'region', 'squeeze-excite'])(
    'writes the file of %s.cfg back unchanged',
    (name) => {
      const [darknet, file] = [fixtureNetwork(name), fixtureBytes(`${name}.weights`)];
      const written = writeDarknetWeights(darknet, readDarknetWeights(file, darknet, 'a.weights'));
      expect(Buffer.from(written).equals(file)).toBe(true);
    },
  );

  it('rewrites an old file as version 0.2', () => {
    const [darknet, file] = [fixtureNetwork('convolutions'), fixtureBytes('convolutions.weights')];
    const written = writeDarknetWeights(darknet, readDarknetWeights(file, darknet, 'a.weights'));
    expect([...new Int32Array(written.buffer, 0, 5)]).toEqual(VERSION_0_2);
    expect(Buffer.from(written.subarray(20)).equals(file.subarray(16))).toBe(true);
  });
});

it('the order of a weights file contains every parameter once', () => {
  const order = darknetOrder(fixtureNetwork('yolov3-tiny'));
  // 11 normalized convolutions with 5 tensors, 2 heads with 2.
  expect(new Set(order).size).toBe(59);
  expect(order).toHaveLength(59);
});
