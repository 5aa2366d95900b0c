/**
 * What the real loss, clipping and the moving average cost: the whole step compared with one that sums the squares of
 * the heads' logits and updates by SGD with momentum, both in our fastest layout, alternately.
 * `npx tsx scripts/benchmarks/training/loss-cost.ts [ROUNDS]`
 */

import { createEngine } from '../../../src/executors/step/select.ts';
import type { StepGraph, TrainingEngine } from '../../../src/executors/step/step-executor.ts';
import { GraphBuilder } from '../../../src/graph/builder.ts';
import { gradients } from '../../../src/graph/gradients/gradients.ts';
import { recordForward } from '../../../src/models/forward/forward.ts';
import { initializeWeights } from '../../../src/models/initialize.ts';
import { DEFAULT_RECIPE } from '../../../src/models/model.ts';
import type { Network } from '../../../src/network/layers.ts';
import { networkParameters } from '../../../src/network/parameters.ts';
import { buildDetector } from '../../../src/network/registry.ts';
import { BENCHMARK_ROOM } from '../../../src/tasks/benchmark/benchmark-training.ts';
import { BENCHMARK_SCALARS, drawnImages } from '../../../src/tasks/benchmark/drawn-images.ts';
import { bestAnchor } from '../../../src/training/assigners/best-anchor.ts';
import { yoloHeads } from '../../../src/training/heads/targets.ts';
import { detectionBatch } from '../../../src/training/loader/batch.ts';
import { nextName } from '../../../src/training/optimizers/parameters.ts';
import { sgd } from '../../../src/training/optimizers/sgd.ts';
import { initialState } from '../../../src/training/step/state.ts';
import { buildTrainingStep } from '../../../src/training/step/step.ts';
import { updatedWeights } from '../../../src/training/step/update.ts';
import { numbers } from '../../numbers.ts';
import { median } from '../alternate.ts';

const BATCH = 8;
const SIDE = 320;
const STEPS = 3;
const [rounds] = numbers(7);

/** Forward, sum of squares, backward and update. */
function sumOfSquaresStep(
  network: Network,
): StepGraph & { readonly state: ReadonlyMap<string, readonly number[]> } {
  const graph = new GraphBuilder();
  const scalars = new Map<string, ReturnType<GraphBuilder['input']>>();
  const scalar = (name: string) => {
    const value = scalars.get(name) ?? graph.input(name, []);
    scalars.set(name, value);
    return value;
  };
  const input = { type: 'uint8', ...DEFAULT_RECIPE } as const;
  const { outputs } = recordForward(graph, network, 'training', { batch: BATCH, input });
  const loss = [...outputs.values()]
    .map((logits) => graph.reduce('sumOfSquares', logits))
    .reduce((sum, value) => graph.binary('add', sum, value));
  const trained = networkParameters(network).filter(({ trainable }) => trainable);
  const values = trained.map(({ name, shape }) => graph.parameter(name, shape));
  const updated = updatedWeights(graph, scalar, {
    ...{ optimizer: sgd, trained, weights: values, gradients: gradients(graph, loss, values) },
    ...{ scale: undefined, apply: undefined },
  });
  for (const [name, value] of updated) graph.output(nextName(name), value);
  graph.output('finite', graph.reshape(graph.linear(loss, 0, 1), [1]));
  const built = graph.build();
  const state = new Map(built.parameters.map(({ name, value }) => [name, value.shape as readonly number[]]));
  return { graph: built, scalars: [...scalars.keys()], next: nextName(''), finite: 'finite', state };
}

for (const name of ['micro-yolo', 'yolov3-tiny'] as const) {
  const network = buildDetector(name, { size: SIDE });
  const size = { width: SIDE, height: SIDE };
  const weights = initializeWeights(network, 1);
  const { tensors } = detectionBatch(
    drawnImages(BATCH, size, 80),
    size,
    yoloHeads(network),
    bestAnchor,
    BENCHMARK_ROOM,
  );
  const whole = buildTrainingStep(network, { batch: BATCH, truths: BENCHMARK_ROOM, pixels: DEFAULT_RECIPE });
  const bare = sumOfSquaresStep(network);
  const create = async (step: typeof bare) =>
    (await createEngine(step, BATCH, initialState(step, weights))).engine;
  const contenders: readonly (readonly [TrainingEngine, typeof tensors])[] = [
    [await create(whole), tensors],
    [await create(bare), { image: tensors['image']! }],
  ];
  const times: number[][] = [[], []];
  for (let round = -1; round < rounds; round++) {
    for (const [index, [engine, batch]] of contenders.entries()) {
      const own: number[] = [];
      for (let step = 0; step < STEPS; step++)
        own.push((await engine.step(batch, BENCHMARK_SCALARS)).milliseconds);
      if (round >= 0) times[index]!.push(median(own));
    }
  }
  const ratio = median(times[0]!.map((value, round) => value / times[1]![round]!));
  console.log(
    `${name}: ${median(times[0]!).toFixed(0)} ms whole, ${median(times[1]!).toFixed(0)} ms with a sum of squares: ${ratio.toFixed(2)} ×`,
  );
  for (const [engine] of contenders) await engine[Symbol.asyncDispose]();
}
process.exit(0);
