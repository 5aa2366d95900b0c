import { GraphBuilder } from '../../graph/builder.ts';
import { gradients } from '../../graph/gradients/gradients.ts';
import type { Graph, Tensor, Value } from '../../graph/operations.ts';
import { lowerBlockedStep } from '../../onnx/blocked/lower.ts';
import { encodeOnnx } from '../../onnx/file.ts';
import type { LoweredStep } from '../../onnx/lowered-step.ts';
import { lowerPlainStep } from '../../onnx/plain/lower.ts';
import { createSession } from '../../runtime/node.ts';

const SIDE = 12;
const BATCH = 3;
/** Largest difference that rounding explains, relative to the largest value. */
const TOLERANCE = 1e-4;

/** A few layers of every kind that has a blocked kernel of its own, and a step down their gradients. */
function tinyStep(): Graph {
  const graph = new GraphBuilder();
  const same = (kernel: number) => {
    const half = (kernel - 1) / 2;
    return [half, half, half, half] as const;
  };
  const weights = new Map<string, Value>();
  const parameter = (name: string, shape: readonly number[]) => {
    const value = graph.parameter(name, shape);
    weights.set(name, value);
    return value;
  };
  const block = (x: Value, name: string, out: number, kernel: number, stride: number, groups: number) => {
    const channels = x.shape[1] as number;
    const weight = parameter(`${name}.weight`, [out, channels / groups, kernel, kernel]);
    const convolved = graph.apply({ op: 'conv', stride, padding: same(kernel), groups }, x, weight);
    const [gain, bias] = [parameter(`${name}.gain`, [out]), parameter(`${name}.bias`, [out])];
    const normalized = graph.apply({ op: 'batchNormTraining', epsilon: 1e-5 }, convolved, gain, bias);
    return graph.apply({ op: 'leakyRelu', slope: 0.1 }, normalized);
  };
  const image = graph.input('image', [BATCH, 3, SIDE, SIDE]);
  const first = block(image, 'thin', 20, 3, 1, 1);
  const pooled = graph.apply({ op: 'maxPool', kernel: 2, stride: 2, padding: [0, 0, 0, 0] }, first);
  const wide = block(block(pooled, 'depthwise', 20, 5, 1, 20), 'pointwise', 32, 1, 1, 1);
  const small = block(wide, 'dense', 24, 3, 2, 1);
  const large = graph.apply({ op: 'upsample', factor: 2 }, small);
  const joined = graph.apply({ op: 'concat', axis: 1 }, large, wide);
  const loss = graph.reduce('sumOfSquares', block(joined, 'joined', 16, 3, 1, 1));
  const slopes = gradients(graph, loss, [...weights.values()]);
  [...weights].forEach(([name, value], index) => {
    graph.output(`next/${name}`, graph.binary('subtract', value, graph.linear(slopes[index]!, 1e-2)));
  });
  return graph.build();
}

/** Numbers in [−0.5, 0.5) without a pattern; the same at every start. */
const noise = (place: number) => ((place * 2654435761) % 4096) / 4096 - 0.5;

async function run(graph: Graph, { model, packings }: LoweredStep): Promise<ReadonlyMap<string, Tensor>> {
  const filled = (name: string, shape: readonly number[]): Tensor => {
    const length = shape.reduce((product, size) => product * size, 1);
    const offset = name.length * 31;
    return { shape, data: Float32Array.from({ length }, (_, place) => noise(place + offset)) };
  };
  await using session = await createSession(encodeOnnx(model), { threads: 1 });
  const feeds = [...graph.inputs, ...graph.parameters].map(({ name, value }) => {
    const plain = filled(name, value.shape as readonly number[]);
    return [name, packings.get(name)?.pack(plain) ?? plain] as const;
  });
  const results = await session.run(Object.fromEntries(feeds));
  return new Map(
    graph.parameters.map(({ name }) => {
      const { shape, data } = results[`next/${name}`]!;
      const tensor = { shape, data: data as Float32Array };
      return [name, packings.get(name)?.unpack(tensor) ?? tensor];
    }),
  );
}

/**
 * Runs a tiny step in blocks and plain: the blocked layout is internal to ONNX Runtime and may change with
 * it.
 * @returns what differs, or nothing
 */
export async function checkBlocked(block: number): Promise<string | undefined> {
  const graph = tinyStep();
  try {
    const [plain, blocked] = [
      await run(graph, lowerPlainStep(graph)),
      await run(graph, lowerBlockedStep(graph, block)),
    ];
    for (const [name, { data }] of plain) {
      const other = blocked.get(name)!.data;
      const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
      const off = data.reduce((most, value, place) => Math.max(most, Math.abs(value - other[place]!)), 0);
      if (!(off <= TOLERANCE * largest)) return `${name} is off by ${off}`;
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
