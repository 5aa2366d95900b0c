import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lowerBlockedStep } from '../../src/executors/onnx/blocked/lower.ts';
import { encodeOnnx } from '../../src/executors/onnx/file.ts';
import type { LoweredStep } from '../../src/executors/onnx/lowered-step.ts';
import { lowerPlainStep } from '../../src/executors/onnx/plain/lower.ts';
import { createSession, type Session, type SessionTensor } from '../../src/executors/onnx/session/session.ts';
import { blockSize } from '../../src/executors/onnx/step/block-size.ts';
import { elementCount } from '../../src/foundation/element-count.ts';
import { normalRandom, uniformRandom } from '../../src/foundation/random.ts';
import { GraphBuilder } from '../../src/graph/builder.ts';
import { gradients } from '../../src/graph/gradients/gradients.ts';
import type { Graph, Tensor, Tensors } from '../../src/graph/operations.ts';
import { type Contents, runReference } from '../../src/graph/reference/run.ts';
import { readModel, writeModel } from '../../src/models/formats/safetensors/model-file.ts';
import { forward, recordForward } from '../../src/models/forward/forward.ts';
import { IMAGE_INPUT } from '../../src/models/forward/photograph.ts';
import { DEFAULT_RECIPE } from '../../src/models/model.ts';
import { networkCost } from '../../src/network/cost.ts';
import type { Network } from '../../src/network/layers.ts';
import { buildNetwork } from '../../src/network/registry.ts';
import { randomWeights } from './random-weights.ts';

/** Networks whose tests take about a second; together they have each kind of output. */
export const SMALL_NETWORKS: readonly string[] = [
  ...['micro-yolo', 'micro-yolo-base', 'micro-yolo-plus', 'yolo-lite'],
  ...['mobilenet-v3-small', 'shufflenet-v2', 'shufflenet-v2:0.5/pan'],
];

const SIDE = 64;
const CLASSES = 3;
/** Weights of the largest network take seconds, and more on a busy machine. */
const HOOK_MS = 60_000;
const BATCH = 2;

/**
 * Float32 tolerance relative to an output's scale: maps of untrained residual networks grow into the thousands, and the
 * gates that read them are active within ±3.
 */
const TOLERANCE = 1e-3;

const block = await blockSize();

function randomTensor(shape: readonly number[], seed: number): Tensor {
  const normal = normalRandom(uniformRandom(seed));
  return { shape, data: new Float32Array(elementCount(shape)).map(normal) };
}

async function openStep(step: LoweredStep): Promise<Session> {
  return await createSession(encodeOnnx(step.model), { threads: 1 });
}

function feeds({ packings }: LoweredStep, tensors: Tensors): Readonly<Record<string, SessionTensor>> {
  return Object.fromEntries(
    [...tensors].map(([name, tensor]) => [name, packings.get(name)?.pack(tensor) ?? tensor]),
  );
}

/** The mean square of a network's outputs minus a target, and its gradients; dropout keeps everything. */
function trainingGraph(network: Network): { readonly graph: Graph; readonly masks: Tensors } {
  const graph = new GraphBuilder();
  const outputs = [...recordForward(graph, network, 'training', { batch: BATCH }).outputs.values()];
  const losses = outputs.map((output, index) => {
    const shape = output.shape as readonly number[];
    const target = graph.constant([...randomTensor(shape, 30 + index).data], shape);
    const error = graph.binary('subtract', output, target);
    return graph.reduce('mean', graph.binary('multiply', error, error));
  });
  const loss = losses.reduce((sum, next) => graph.binary('add', sum, next));
  const { parameters, inputs } = graph.build();
  const masks = new Map(
    inputs
      .filter(({ name }) => name !== IMAGE_INPUT)
      .map(({ name, value }): [string, Tensor] => {
        const shape = value.shape as readonly number[];
        return [name, { shape, data: new Float32Array(elementCount(shape)).fill(1) }];
      }),
  );
  const found = gradients(
    graph,
    loss,
    parameters.map(({ value }) => value),
  );
  graph.output('loss', loss);
  found.forEach((value, index) => void graph.output(`d ${parameters[index]!.name}`, value));
  return { graph: graph.build(), masks };
}

/** Weights after a step against their gradients that should lower the loss by a hundredth. */
function stepped(weights: Tensors, results: Readonly<Record<string, SessionTensor>>): Tensors {
  const gradient = (name: string) => results[`d ${name}`]?.data as Float32Array | undefined;
  let square = 0;
  for (const name of weights.keys()) for (const d of gradient(name) ?? []) square += d * d;
  const rate = (0.01 * results['loss']!.data[0]!) / square;
  return new Map(
    [...weights].map(([name, { shape, data }]): [string, Tensor] => {
      const d = gradient(name);
      return [name, { shape, data: d ? data.map((value, i) => value - rate * d[i]!) : data }];
    }),
  );
}

/**
 * Largest difference relative to the largest value, infinite if shapes differ or a value is NaN: untrained
 * networks can have large outputs, and small outputs are differences of large numbers.
 */
function errorOfScale(actual: Contents | undefined, expected: Contents): number {
  if (actual?.shape.join() !== expected.shape.join()) return Number.POSITIVE_INFINITY;
  let [difference, scale] = [0, Number.MIN_VALUE];
  for (let i = 0; i < expected.data.length; i++) {
    difference = Math.max(difference, Math.abs(actual.data[i]! - expected.data[i]!));
    scale = Math.max(scale, Math.abs(expected.data[i]!));
  }
  return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference / scale;
}

const bytes = ({ buffer, byteOffset, byteLength }: Tensor['data']) =>
  Buffer.from(buffer, byteOffset, byteLength);

/** What holds for each named network, at a small size. */
export function describeNetworks(names: readonly string[]): void {
  describe.each(names)('%s', (name) => {
    let network: Network;
    let weights: Tensors;
    let image: Tensor;
    let tensors: Tensors;

    // One network at a time: all of them would not fit into memory.
    beforeAll(() => {
      network = buildNetwork(name, { size: SIDE, classes: CLASSES });
      weights = randomWeights(network, 5);
      image = randomTensor([BATCH, ...network.input], 6);
      tensors = new Map([...weights, [IMAGE_INPUT, image]]);
    }, HOOK_MS);
    afterAll(() => {
      weights = new Map();
      tensors = new Map();
    });

    test('has a cost in positive integers', () => {
      const { parameters, macs, flops, memoryAccess, activationMemory } = networkCost(network);
      for (const number of [
        parameters.trainable,
        parameters.total,
        macs,
        flops,
        memoryAccess,
        activationMemory,
      ]) {
        expect(Number.isSafeInteger(number) && number > 0).toBe(true);
      }
    });

    test('gives in ONNX Runtime, plain and in blocks, the double-precision reference', async () => {
      const graph = forward(network, 'inference', { batch: BATCH });
      const expected = runReference(graph, tensors);
      const steps = [lowerPlainStep(graph), ...(block === undefined ? [] : [lowerBlockedStep(graph, block)])];
      for (const step of steps) {
        await using session = await openStep(step);
        const found = await session.run(feeds(step, tensors));
        for (const [output, tensor] of expected) {
          expect(errorOfScale(found[output], tensor), `${step.layout} ${output}`).toBeLessThan(TOLERANCE);
        }
      }
    });

    test('reads back from a model file as it was written', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'registered-'));
      try {
        const path = join(folder, 'model.safetensors');
        const classes = ['a', 'b', 'c'];
        await writeModel(path, { network, weights, classes, recipe: DEFAULT_RECIPE, provenance: {} });
        const read = await readModel(path);
        expect(read.network).toEqual(network);
        expect([...read.weights.keys()]).toEqual([...weights.keys()]);
        for (const [tensor, { data }] of weights) {
          expect(Buffer.compare(bytes(read.weights.get(tensor)!.data), bytes(data)), tensor).toBe(0);
        }
      } finally {
        await rm(folder, { recursive: true });
      }
    });

    test('lowers its loss in one step', async () => {
      const { graph, masks } = trainingGraph(network);
      const step = lowerPlainStep(graph);
      await using session = await openStep(step);
      const run = (state: Tensors) => {
        const all: Tensors = new Map([...state, ...masks, [IMAGE_INPUT, image]]);
        const wanted = session.inputs.map((input) => [input, all.get(input)!] as const);
        return session.run(feeds(step, new Map(wanted)));
      };
      const before = await run(weights);
      const after = await run(stepped(weights, before));
      const [first, second] = [before, after].map(({ loss }) => loss!.data[0]!) as [number, number];
      expect(second).toBeLessThan(first);
    });
  });
}
