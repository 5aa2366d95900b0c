import type { Padding } from '../../../src/foundation/padding.ts';
import type { BinaryFunction, Operation, Reduction, UnaryFunction } from '../../../src/graph/operations.ts';
import type { Differentiable } from './differentiable.ts';

/** No gradient flows through these. */
export type Blocking = 'constant' | 'compare' | 'topK' | 'cast' | 'stopGradient';
/** Their gradients are defined by convention, and differ from those of what they compute. */
export type StraightThrough = 'fakeQuantize';
/** These are gradients themselves. */
export type GradientOperation =
  | 'convGradInput'
  | 'convGradFilter'
  | 'batchNormGrad'
  | 'maxPoolGrad'
  | 'avgPoolGrad'
  | 'leakyReluGrad'
  | 'siluGrad'
  | 'clipGrad';

export interface GradientCase extends Differentiable {
  readonly title: string;
}

type Range = readonly [min: number, max: number];

/** The first output of one operation on inputs with these shapes. */
function single(
  title: string,
  operation: Operation,
  shapes: readonly (readonly number[])[],
  range: Range = [-2, 2],
): GradientCase {
  return { title, shapes, range, record: (graph, inputs) => graph.apply(operation, ...inputs) };
}

const all = (side: number): Padding => [side, side, side, side];

/** A convolution of a map [2, 4, 6, 7] with a weight [outputs, 4 / groups, kernel, kernel]. */
function conv(
  title: string,
  kernel: number,
  stride: number,
  padding: Padding,
  { groups = 1, outputs = 3, bias = false } = {},
): GradientCase {
  const weight = [outputs, 4 / groups, kernel, kernel];
  const shapes = [[2, 4, 6, 7], weight, ...(bias ? [[outputs]] : [])];
  return single(title, { op: 'conv', stride, padding, groups }, shapes);
}

const unaryRanges: Readonly<Record<UnaryFunction, Range>> = {
  relu: [-2, 2],
  sigmoid: [-4, 4],
  tanh: [-3, 3],
  softplus: [-4, 4],
  elu: [-3, 2],
  selu: [-3, 2],
  exp: [-2, 2],
  log: [0.3, 3],
  sqrt: [0.3, 3],
  reciprocal: [-3, -0.4],
  abs: [-2, 2],
  arctan: [-3, 3],
};

const binaryRanges: Readonly<Record<BinaryFunction, Range>> = {
  add: [-2, 2],
  subtract: [-2, 2],
  multiply: [-2, 2],
  divide: [0.4, 2],
  maximum: [-2, 2],
  minimum: [-2, 2],
};
const binaryShapes: readonly (readonly [string, readonly (readonly number[])[]])[] = [
  [
    'two shapes alike',
    [
      [2, 3, 4],
      [2, 3, 4],
    ],
  ],
  [
    'a first input of lower rank',
    [
      [3, 1],
      [2, 3, 4],
    ],
  ],
  ['a second input of lower rank', [[2, 3, 4], [4]]],
  ['a scalar', [[], [2, 3]]],
  [
    'a number with as many axes as maps of one pixel',
    [
      [2, 3, 1, 1],
      [1, 1, 1, 1],
    ],
  ],
  [
    'both inputs repeated',
    [
      [2, 1, 4],
      [1, 3, 1],
    ],
  ],
];

const reductions: Readonly<Record<Reduction, true>> = {
  sum: true,
  mean: true,
  max: true,
  sumOfSquares: true,
};
const reducedAxes: readonly (readonly [string, readonly number[]])[] = [
  ['the first axis', [0]],
  ['the last two axes', [1, 2]],
  ['all axes', [0, 1, 2]],
  ['no axis', []],
];

const functionsOf = <Name extends string>(record: Readonly<Record<Name, unknown>>) =>
  Object.keys(record) as Name[];

const matMulFlags = [false, true].flatMap((transposeA) =>
  [false, true].map((transposeB) => ({ transposeA, transposeB })),
);

/** A record, so that a new operation of the union does not compile until it has cases here. */
export const gradientCases: Readonly<
  Record<Exclude<Operation['op'], Blocking | StraightThrough | GradientOperation>, readonly GradientCase[]>
> = {
  conv: [
    conv('1×1', 1, 1, all(0)),
    conv('1×1 at stride 2', 1, 2, all(0)),
    conv('2×2 padded on the right and bottom', 2, 1, [0, 0, 1, 1]),
    conv('3×3 with bias', 3, 1, all(1), { bias: true }),
    conv('3×3 at stride 2', 3, 2, all(1)),
    conv('3×3 at stride 2, padded on the right and bottom', 3, 2, [0, 0, 1, 1]),
    conv('4×4 at stride 2, padded on the left and top', 4, 2, [2, 1, 0, 0]),
    conv('5×5 padded unevenly', 5, 1, [3, 0, 1, 2]),
    conv('6×6 at stride 2', 6, 2, all(2)),
    conv('7×7 at stride 2', 7, 2, all(3), { outputs: 2 }),
    conv('3×3 at stride 3, which leaves pixels out', 3, 3, all(0)),
    conv('1×1 in two groups', 1, 1, all(0), { groups: 2, outputs: 6 }),
    conv('3×3 in two groups with bias', 3, 2, [1, 0, 0, 2], { groups: 2, outputs: 2, bias: true }),
    conv('depthwise 3×3', 3, 1, all(1), { groups: 4, outputs: 4 }),
    conv('depthwise 5×5 at stride 2 with bias', 5, 2, all(2), { groups: 4, outputs: 4, bias: true }),
    conv('depthwise 3×3 with two outputs a channel', 3, 1, [0, 1, 2, 0], { groups: 4, outputs: 8 }),
  ],
  batchNorm: [
    {
      title: 'by running statistics',
      shapes: [[2, 3, 4, 5], [3], [3]],
      record: (graph, inputs) => {
        const statistics = [graph.constant([0.5, -1, 0.1], [3]), graph.constant([0.3, 2, 1], [3])];
        return graph.apply({ op: 'batchNorm', epsilon: 1e-3 }, ...inputs, ...statistics);
      },
    },
  ],
  batchNormTraining: [
    single('by the batch', { op: 'batchNormTraining', epsilon: 1e-3 }, [[3, 2, 4, 5], [2], [2]]),
    single('with a large epsilon', { op: 'batchNormTraining', epsilon: 0.5 }, [[2, 3, 2, 2], [3], [3]]),
  ],
  unary: functionsOf(unaryRanges).map((name) =>
    single(name, { op: 'unary', function: name }, [[5, 8]], unaryRanges[name]),
  ),
  silu: [single('on both sides of its minimum', { op: 'silu' }, [[5, 8]], [-5, 5])],
  leakyRelu: [single('of slope 0.1', { op: 'leakyRelu', slope: 0.1 }, [[5, 8]])],
  clip: [
    single('to [0, 1]', { op: 'clip', min: 0, max: 1 }, [[5, 8]]),
    single('to [-1, 1.5]', { op: 'clip', min: -1, max: 1.5 }, [[5, 8]]),
  ],
  hardSigmoid: [
    single('with both kinks', { op: 'hardSigmoid', slope: 1 / 6, offset: 0.5 }, [[5, 8]], [-5, 5]),
    single('of a steep slope', { op: 'hardSigmoid', slope: 0.8, offset: 0.3 }, [[5, 8]]),
  ],
  linear: [single('with an offset', { op: 'linear', factor: -3, offset: 2 }, [[5, 8]])],
  binary: functionsOf(binaryRanges).flatMap((name) =>
    binaryShapes.map(([title, shapes]) =>
      single(`${name} of ${title}`, { op: 'binary', function: name }, shapes, binaryRanges[name]),
    ),
  ),
  where: [
    [
      'alike',
      [
        [2, 3, 4],
        [2, 3, 4],
        [2, 3, 4],
      ],
    ] as const,
    [
      'and a condition repeated',
      [
        [2, 1, 1],
        [2, 3, 4],
        [2, 3, 4],
      ],
    ] as const,
    [
      'and both choices repeated',
      [
        [2, 3, 4],
        [3, 1],
        [2, 1, 4],
      ],
    ] as const,
    ['and a scalar', [[2, 3], [2, 3], []]] as const,
  ].map(([title, shapes]) => ({
    title: `of shapes ${title}`,
    shapes,
    record: (graph, [decisive, a, b]) =>
      graph.where(graph.compare('greater', decisive!, graph.constant(0)), a!, b!),
  })),
  maxPool: [
    single('2/2', { op: 'maxPool', kernel: 2, stride: 2, padding: all(0) }, [[2, 2, 6, 7]]),
    single(
      '2/1, padded on the right and bottom',
      { op: 'maxPool', kernel: 2, stride: 1, padding: [0, 0, 1, 1] },
      [[2, 2, 5, 4]],
    ),
    single('3/2, padded', { op: 'maxPool', kernel: 3, stride: 2, padding: all(1) }, [[2, 2, 6, 7]]),
    single('3/3, padded', { op: 'maxPool', kernel: 3, stride: 3, padding: all(1) }, [[2, 2, 6, 6]]),
    single('5/1, padded', { op: 'maxPool', kernel: 5, stride: 1, padding: all(2) }, [[1, 2, 5, 6]]),
  ],
  avgPool: [
    single('2/2', { op: 'avgPool', kernel: 2, stride: 2, padding: all(0) }, [[2, 2, 6, 7]]),
    single('3/2, padded', { op: 'avgPool', kernel: 3, stride: 2, padding: all(1) }, [[2, 2, 6, 7]]),
    single('3/3, padded', { op: 'avgPool', kernel: 3, stride: 3, padding: all(1) }, [[2, 2, 3, 3]]),
    single('3/1, padded unevenly', { op: 'avgPool', kernel: 3, stride: 1, padding: [0, 2, 1, 0] }, [
      [2, 2, 5, 4],
    ]),
  ],
  reduce: functionsOf(reductions).flatMap((name) =>
    reducedAxes.map(([title, axes]) =>
      single(`${name} over ${title}`, { op: 'reduce', function: name, axes }, [[2, 3, 4]]),
    ),
  ),
  upsample: [
    single('by 2', { op: 'upsample', factor: 2 }, [[2, 3, 2, 3]]),
    single('by 3', { op: 'upsample', factor: 3 }, [[2, 1, 3, 2]]),
  ],
  concat: [
    single('of three', { op: 'concat', axis: 1 }, [
      [2, 3, 2],
      [2, 1, 2],
      [2, 2, 2],
    ]),
    single('along the first axis', { op: 'concat', axis: 0 }, [
      [2, 3],
      [1, 3],
    ]),
    {
      title: 'of a value with itself',
      shapes: [[2, 3]],
      record: (graph, [x]) => graph.apply({ op: 'concat', axis: 1 }, x!, x!),
    },
  ],
  split: [
    {
      title: 'with every output used',
      shapes: [[2, 6, 3]],
      record: (graph, [x]) => {
        const [a, b, c] = graph.record({ op: 'split', axis: 1, sizes: [2, 2, 2] }, [x!]);
        return graph.binary('multiply', graph.binary('multiply', a!, b!), c!);
      },
    },
    {
      title: 'of a vector into nine, more outputs than a shader binds',
      shapes: [[18]],
      record: (graph, [x]) =>
        graph
          .record({ op: 'split', axis: 0, sizes: new Array(9).fill(2) }, [x!])
          .reduce((product, part) => graph.binary('multiply', product, part)),
    },
    {
      title: 'with an output unused',
      shapes: [[2, 6, 3]],
      record: (graph, [x]) => {
        const [a, , c] = graph.record({ op: 'split', axis: 1, sizes: [1, 2, 3] }, [x!]);
        return graph.binary('multiply', a!, c!);
      },
    },
    {
      title: 'with its first output unused',
      shapes: [[4, 3]],
      record: (graph, [x]) =>
        graph.unary('exp', graph.record({ op: 'split', axis: 0, sizes: [1, 3] }, [x!])[1]!),
    },
  ],
  slice: [
    single('from the middle', { op: 'slice', axis: 1, start: 1, end: 3 }, [[2, 5, 3]]),
    single('of the first axis', { op: 'slice', axis: 0, start: 0, end: 2 }, [[3, 2]]),
  ],
  pad: [
    single('on both sides', { op: 'pad', axis: 1, before: 1, after: 2 }, [[2, 3, 2]]),
    single('of the last axis', { op: 'pad', axis: 2, before: 0, after: 3 }, [[2, 1, 2]]),
  ],
  expand: [
    single('of two axes', { op: 'expand', shape: [2, 3, 4] }, [[2, 1, 1]]),
    single('of every axis', { op: 'expand', shape: [3, 2] }, [[1, 1]]),
    single('of none', { op: 'expand', shape: [3, 2] }, [[3, 2]]),
  ],
  reshape: [
    single('to fewer axes', { op: 'reshape', shape: [6, 4] }, [[2, 3, 4]]),
    single('to a scalar', { op: 'reshape', shape: [] }, [[1, 1]]),
  ],
  transpose: [
    single('of a matrix', { op: 'transpose', permutation: [1, 0] }, [[2, 3]]),
    single('in a cycle', { op: 'transpose', permutation: [2, 3, 1, 0] }, [[2, 3, 4, 5]]),
  ],
  dense: [
    single('without bias', { op: 'dense' }, [
      [3, 4],
      [5, 4],
    ]),
    single('with bias', { op: 'dense' }, [[3, 4], [5, 4], [5]]),
  ],
  matMul: matMulFlags.flatMap(({ transposeA, transposeB }) =>
    [[], [2], [2, 3]].map((leading) => {
      const a = transposeA ? [4, 3] : [3, 4];
      const b = transposeB ? [5, 4] : [4, 5];
      const title = [
        ['a', transposeA ? 'ᵀ' : '', '·b', transposeB ? 'ᵀ' : ''].join(''),
        leading.length > 0 ? `, ${leading.join('×')} matrices` : '',
      ].join('');
      return single(title, { op: 'matMul', transposeA, transposeB }, [
        [...leading, ...a],
        [...leading, ...b],
      ]);
    }),
  ),
  softmax: [
    single('along the last axis', { op: 'softmax', axis: 1 }, [[3, 5]]),
    single('along an inner axis', { op: 'softmax', axis: 1 }, [[2, 4, 3]]),
  ],
};
