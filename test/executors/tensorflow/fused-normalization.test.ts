import { expect, test } from 'vitest';
import { Kernels } from '../../../src/executors/tensorflow/kernels/kernels.ts';
import { batchNormTraining } from '../../../src/executors/tensorflow/kernels/normalization.ts';
import type { TfNodeBackend } from '../../../src/executors/tensorflow/tfjs.ts';
import { GraphBuilder } from '../../../src/graph/builder.ts';
import { runReference } from '../../../src/graph/reference/run.ts';
import { largestError } from '../../graph/reference/largest-error.ts';
import { backends } from './backends.ts';

const [{ loaded }] = backends;

// GPUs use this operation; TensorFlow has it on CPUs as well.
test.skipIf(!loaded)("TensorFlow's fused batch norm returns mean and biased variance", async () => {
  const { core, activate } = loaded!;
  activate();
  const backend = Object.create(core.backend() as object, {
    isUsingGpuDevice: { value: true },
  }) as TfNodeBackend;
  const kernels = new Kernels(core, backend);
  const data = Float32Array.from({ length: 2 * 3 * 4 * 2 }, (_, place) => ((place * 37) % 23) / 5 - 2);
  const [weight, bias] = [Float32Array.of(1.5, -0.5), Float32Array.of(0.25, 1)];
  const graph = new GraphBuilder();
  const inputs = [graph.input('x', [2, 3, 4, 2]), graph.input('weight', [2]), graph.input('bias', [2])];
  const [x, ...affine] = inputs as [(typeof inputs)[0], ...typeof inputs];
  const nchw = graph.apply({ op: 'transpose', permutation: [0, 3, 1, 2] }, x);
  const [y, mean, variance] = graph.record({ op: 'batchNormTraining', epsilon: 1e-3 }, [nchw, ...affine]);
  graph.output('y', graph.apply({ op: 'transpose', permutation: [0, 2, 3, 1] }, y!));
  graph.output('mean', mean!);
  graph.output('variance', variance!);
  const contents = new Map([
    ['x', { shape: [2, 3, 4, 2], data }],
    ['weight', { shape: [2], data: weight }],
    ['bias', { shape: [2], data: bias }],
  ]);
  const expected = [...runReference(graph.build(), contents).values()];
  const given = [...contents.values()].map(({ shape, data }) => kernels.tensor(data, shape));
  const found = kernels.tidy(() => batchNormTraining(kernels, 1e-3, given) as typeof given);
  for (const [place, tensor] of found.entries()) {
    const actual = { shape: tensor.shape, data: await tensor.data() };
    expect(largestError(actual, expected[place]!)).toBeLessThan(1e-5);
    tensor.dispose();
  }
  for (const tensor of given) tensor.dispose();
});
