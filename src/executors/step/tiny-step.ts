import { elementCount } from '../../foundation/element-count.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import { gradients } from '../../graph/gradients/gradients.ts';
import type { Graph, Tensors, Value } from '../../graph/operations.ts';

const SIDE = 8;
const BATCH = 2;

/**
 * Builds a step with one layer of every kind that has a blocked kernel, and with the gradients of all weights. It has
 * no more operations than that, because loading operations takes most of the time.
 */
export function tinyStep(): Graph {
  const graph = new GraphBuilder();
  const weights = new Map<string, Value>();
  const parameter = (name: string, shape: readonly number[]) => {
    const value = graph.parameter(name, shape);
    weights.set(name, value);
    return value;
  };
  const conv = (x: Value, name: string, out: number, kernel: number, stride = 1, groups = 1) => {
    const half = (kernel - 1) / 2;
    const weight = parameter(`${name}.weight`, [out, (x.shape[1] as number) / groups, kernel, kernel]);
    return graph.apply({ op: 'conv', stride, padding: [half, half, half, half], groups }, x, weight);
  };
  const image = graph.input('image', [BATCH, 3, SIDE, SIDE]);
  const thin = conv(image, 'thin', 20, 3);
  const [gain, bias] = [parameter('gain', [20]), parameter('bias', [20])];
  const normalized = graph.apply({ op: 'batchNormTraining', epsilon: 1e-5 }, thin, gain, bias);
  const active = graph.apply({ op: 'leakyRelu', slope: 0.1 }, normalized);
  const pooled = graph.apply({ op: 'maxPool', kernel: 2, stride: 2, padding: [0, 0, 0, 0] }, active);
  const wide = conv(conv(pooled, 'depthwise', 20, 5, 1, 20), 'pointwise', 32, 1);
  const small = conv(wide, 'dense', 16, 3, 2);
  const large = graph.apply({ op: 'upsample', factor: 2 }, small);
  const joined = graph.apply({ op: 'concat', axis: 1 }, large, wide);
  const loss = graph.reduce('sumOfSquares', conv(joined, 'joined', 8, 3));
  const slopes = gradients(graph, loss, [...weights.values()]);
  [...weights.keys()].forEach((name, index) => {
    graph.output(`gradient/${name}`, slopes[index]!);
  });
  return graph.build();
}

/** Pseudorandom numbers in [−0.5, 0.5), the same in every process. */
export const noise = (place: number) => ((place * 2654435761) % 4096) / 4096 - 0.5;

/** Returns the initial contents of the step. */
export function tinyContents({ inputs, parameters }: Graph): Tensors {
  return new Map(
    [...inputs, ...parameters].map(({ name, value }) => {
      const shape = value.shape as readonly number[];
      const length = elementCount(shape);
      const offset = name.length * 31;
      return [name, { shape, data: Float32Array.from({ length }, (_, place) => noise(place + offset)) }];
    }),
  );
}
