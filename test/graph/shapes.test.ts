import { describe, expect, test } from 'vitest';
import { MicroYoloError } from '../../src/foundation/errors/errors.ts';
import type { Operation, Shape, Value } from '../../src/graph/operations.ts';
import { outputTypes } from '../../src/graph/shapes.ts';

const values = (...shapes: readonly Shape[]): Value[] =>
  shapes.map((shape, id) => ({ id, shape, type: 'float32' }));
const shapes = (operation: Operation, ...inputs: readonly Shape[]) =>
  outputTypes(operation, values(...inputs)).map(({ shape }) => shape);

const conv: Operation = { op: 'conv', stride: 2, padding: [1, 0, 2, 3], groups: 2 };
const pool: Operation = { op: 'maxPool', kernel: 2, stride: 1, padding: [0, 0, 1, 1] };

describe('outputTypes', () => {
  test.each<[string, Operation, Shape[], Shape[]]>([
    [
      'conv',
      conv,
      [
        ['batch', 8, 9, 10],
        [6, 4, 3, 3],
      ],
      [['batch', 6, 5, 6]],
    ],
    ['pool', pool, [['batch', 8, 13, 7]], [['batch', 8, 13, 7]]],
    [
      'batchNormTraining',
      { op: 'batchNormTraining', epsilon: 1 },
      [[2, 8, 3, 3], [8], [8]],
      [[2, 8, 3, 3], [8], [8]],
    ],
    [
      'binary of equal ranks',
      { op: 'binary', function: 'add' },
      [
        ['batch', 8, 3, 3],
        ['batch', 8, 1, 1],
      ],
      [['batch', 8, 3, 3]],
    ],
    [
      'binary of other ranks',
      { op: 'binary', function: 'add' },
      [[3], ['batch', 8, 1, 3]],
      [['batch', 8, 1, 3]],
    ],
    ['mean', { op: 'reduce', function: 'mean', axes: [2, 3] }, [['batch', 8, 3, 4]], [['batch', 8, 1, 1]]],
    ['upsample', { op: 'upsample', factor: 3 }, [['batch', 8, 3, 4]], [['batch', 8, 9, 12]]],
    [
      'concat',
      { op: 'concat', axis: 1 },
      [
        ['batch', 8, 3, 4],
        ['batch', 2, 3, 4],
      ],
      [['batch', 10, 3, 4]],
    ],
    ['slice', { op: 'slice', axis: 1, start: 2, end: 5 }, [['batch', 8, 3, 4]], [['batch', 3, 3, 4]]],
    ['reshape', { op: 'reshape', shape: ['batch', 96] }, [['batch', 8, 3, 4]], [['batch', 96]]],
    ['transpose', { op: 'transpose', permutation: [0, 3, 1, 2] }, [['batch', 8, 3, 4]], [['batch', 4, 8, 3]]],
    [
      'dense',
      { op: 'dense' },
      [
        ['batch', 96],
        [10, 96],
      ],
      [['batch', 10]],
    ],
  ])('gives the shape of %s', (_, operation, inputs, expected) => {
    expect(shapes(operation, ...inputs)).toEqual(expected);
  });

  test('gives a cast the requested type', () => {
    const input: Value = { id: 0, shape: ['batch', 3], type: 'uint8' };
    expect(outputTypes({ op: 'cast', to: 'float32' }, [input])).toEqual([
      { shape: ['batch', 3], type: 'float32' },
    ]);
  });

  test.each<[string, Operation, Shape[], string]>([
    ['no input', { op: 'dense' }, [], 'operation dense: has no input'],
    ['a conv without weight', conv, [[1, 8, 9, 9]], 'operation conv: has no weight'],
    ['a dense without weight', { op: 'dense' }, [[1, 8]], 'operation dense: has no weight'],
    [
      'a weight for other channels',
      conv,
      [
        [1, 8, 9, 9],
        [6, 8, 3, 3],
      ],
      'operation conv: 8 channels, its weight is for 8 × 2 groups',
    ],
    [
      'a conv over an unknown side',
      conv,
      [
        [1, 8, 'batch', 9],
        [6, 4, 3, 3],
      ],
      'operation conv: an axis of unknown size (batch) where a number is needed',
    ],
    [
      'a conv over three axes',
      conv,
      [
        [1, 8, 9],
        [6, 4, 3, 3],
      ],
      'operation conv: an axis of unknown size (undefined) where a number is needed',
    ],
    ['half a binary', { op: 'binary', function: 'add' }, [[1, 8]], 'operation binary: has one input'],
    [
      'shapes that do not broadcast',
      { op: 'binary', function: 'add' },
      [
        [1, 8, 2, 2],
        [1, 4, 2, 2],
      ],
      'operation binary: shapes 1×8×2×2 and 1×4×2×2',
    ],
    [
      'a batch against a number',
      { op: 'binary', function: 'add' },
      [
        ['batch', 8],
        [2, 8],
      ],
      'operation binary: shapes batch×8 and 2×8',
    ],
    [
      'a reshape to more elements',
      { op: 'reshape', shape: ['batch', 9] },
      [['batch', 8]],
      'operation reshape: batch×8 does not have the elements of batch×9',
    ],
    [
      'a reshape that loses the batch',
      { op: 'reshape', shape: [8] },
      [['batch', 8]],
      'operation reshape: batch×8 does not have the elements of 8',
    ],
    [
      'a concat along an unknown axis',
      { op: 'concat', axis: 0 },
      [
        ['batch', 8],
        ['batch', 8],
      ],
      'operation concat: an axis of unknown size (batch) where a number is needed',
    ],
  ])('refuses %s', (_, operation, inputs, message) => {
    const attempt = () => shapes(operation, ...inputs);
    expect(attempt).toThrow(new MicroYoloError('invalid-network', message));
  });
});
