import { expect } from 'vitest';
import { elementCount } from '../../../src/foundation/element-count.ts';
import { uniformRandom } from '../../../src/foundation/random.ts';
import { GraphBuilder } from '../../../src/graph/builder.ts';
import { gradients } from '../../../src/graph/gradients/gradients.ts';
import { type Contents, runReference } from '../../../src/graph/reference/run.ts';
import { recordForward } from '../../../src/models/forward/forward.ts';
import { buildDetector } from '../../../src/network/registry.ts';
import { randomWeights } from '../../network/random-weights.ts';

/**
 * A norm over the few pixels left of 32 px bends the loss sharply, so the step must be this small. The slopes are
 * above 1e5, so that rounding of the loss does not show.
 */
const STEP = 1e-11;
const random = uniformRandom(7);

function randomNumbers(shape: readonly number[]): Float64Array {
  return new Float64Array(elementCount(shape)).map(() => 4 * random() - 2);
}

interface Moving {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float64Array;
  readonly direction: Float64Array;
}

/** All tensors at data + step · direction. */
const at = (tensors: readonly Moving[], step: number): ReadonlyMap<string, Contents> =>
  new Map(
    tensors.map(({ name, shape, data, direction }) => [
      name,
      { shape, data: data.map((value, i) => value + step * direction[i]!) },
    ]),
  );

/**
 * The gradients of a network match the slope of its loss, in one direction through the image and all weights: moving each
 * number separately would take hours. A norm over two pixels, as deeper networks have at this size, leaves no slope to measure.
 */
export function expectGradientsOfSlope(name: 'micro-yolo' | 'yolov3-tiny'): void {
  const network = buildDetector(name, { size: 32, classes: 3 });
  const graph = new GraphBuilder();
  const heads = [...recordForward(graph, network, 'training', { batch: 2 }).outputs.values()];
  const losses = heads.map((head) => {
    const shape = head.shape as readonly number[];
    return graph.reduce(
      'sum',
      graph.binary('multiply', head, graph.constant([...randomNumbers(shape)], shape)),
    );
  });
  const loss = losses.reduce((sum, next) => graph.binary('add', sum, next));
  graph.output('loss', loss);
  const forward = structuredClone(graph.build());
  const sources = [...forward.inputs, ...forward.parameters];
  const found = gradients(
    graph,
    loss,
    sources.map(({ value }) => value),
  );
  found.forEach((value, index) => void graph.output(`d ${sources[index]!.name}`, value));

  const weights = randomWeights(network, 5);
  const tensors = sources.map(({ name, value }): Moving => {
    const shape = value.shape as readonly number[];
    const weight = weights.get(name);
    const data = weight ? new Float64Array(weight.data) : randomNumbers(shape);
    return { name, shape, data, direction: randomNumbers(shape) };
  });
  const results = runReference(graph.build(), at(tensors, 0));
  const slope = tensors.reduce((sum, { name, direction }) => {
    const gradient = results.get(`d ${name}`)!.data;
    return sum + direction.reduce((total, d, i) => total + d * gradient[i]!, 0);
  }, 0);
  const lossAt = (step: number) => runReference(forward, at(tensors, step)).get('loss')!.data[0]!;
  const measured = (lossAt(STEP) - lossAt(-STEP)) / (2 * STEP);
  expect(Math.abs(measured / slope - 1)).toBeLessThan(1e-5);
}
