import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import type { Graph, Value } from '../../graph/operations.ts';
import { recordForward } from '../../models/forward/forward.ts';
import type { PixelScale } from '../../models/forward/photograph.ts';
import type { SimulatedQuantization } from '../../models/forward/simulated-quantization.ts';
import type { Network } from '../../network/layers.ts';
import { networkParameters, type Parameter } from '../../network/parameters.ts';
import type { HintShape } from '../losses/hint.ts';
import type { DetectionLossOptions } from '../losses/options.ts';
import { METRICS, type Metric, OBJECTIVE_METRICS, type Objective } from '../objectives/objective.ts';
import { recordObjective } from '../objectives/record.ts';
import { gated } from '../optimizers/optimizer.ts';
import { layerOf, nextName } from '../optimizers/parameters.ts';
import { OPTIMIZERS, type OptimizerName } from '../optimizers/registry.ts';
import { movingAverages, runningStatistics } from './averages.ts';
import { finiteFlag } from './finite.ts';
import { gradientScale, summedGradients } from './gradients.ts';
import { updatedWeights } from './update.ts';

/** Options of a training step. */
export interface TrainingStepOptions {
  /** Images per step. */
  readonly batch: number;
  /** Number of true boxes per image that the ignore rule uses. @default 32 */
  readonly truths?: number | undefined;
  /** Number of boxes per image in which nothing is trained as background: the input `ignored`. @default 0 */
  readonly ignored?: number | undefined;
  /** Whether each true box has a weight in the loss: inputs ending in `.weight`. @default false */
  readonly isWeighted?: boolean | undefined;
  /** Name of the optimizer. @default 'sgd' */
  readonly optimizer?: OptimizerName | undefined;
  /**
   * Whether gradients are summed over several steps. The scalars `apply` and `share` control when they are used.
   * @default false
   */
  readonly accumulate?: boolean | undefined;
  /** Whether to keep a moving average of weights and running statistics. @default true */
  readonly average?: boolean | undefined;
  /** Whether gradients are scaled to a global norm of at most the scalar `clipNorm`. @default true */
  readonly clip?: boolean | undefined;
  /** Options of the loss. */
  readonly loss?: DetectionLossOptions | undefined;
  /**
   * Whether to add the distance to a teacher's predictions, which come with the batch. See `teacherTargets`. The
   * scalar `gain.distill` is its weight.
   * @default false
   */
  readonly distill?: boolean | undefined;
  /**
   * Teacher maps by layer. The features of these layers learn to predict the maps, which come with the
   * batch. See `teacherHints`. The scalar `gain.hint` is the weight.
   * @default none
   */
  readonly hints?: ReadonlyMap<string, HintShape> | undefined;
  /**
   * Whether a layer is frozen, by name: its parameters do not change, and its batch norms use the running
   * statistics.
   * @default none
   */
  readonly frozen?: ((layer: string) => boolean) | undefined;
  /** What is rounded to 8 bits and back, with straight-through gradients. @default nothing */
  readonly quantization?: SimulatedQuantization | undefined;
  /** Whether weights of kernels that are 0 stay 0. @default false */
  readonly keepZeros?: boolean | undefined;
  /** How the graph scales images of uint8 [N, H, W, 3]. Without it, images are float32 [N, C, H, W]. */
  readonly pixels?: PixelScale | undefined;
}

/**
 * A training step as a pure function (state, batch, scalars) → (next state, metrics). The graph's parameters are the
 * state. Its inputs are batch and scalars. Its outputs are `next/NAME` for each state tensor NAME, and the metrics.
 * If the metric `finite` is 0, discard the next state: it contains NaN or infinite numbers.
 */
export interface TrainingStep {
  /** Graph of the whole step. */
  readonly graph: Graph;
  /** Prefix of the outputs that contain the next state. */
  readonly next: string;
  /** Name of the metric that is 0 if the next state must be discarded. */
  readonly finite: string;
  /** Outputs that are not state. */
  readonly metrics: readonly Metric[];
  /** Names of the scalar inputs, with shape []. */
  readonly scalars: readonly string[];
  /** Shapes of the state tensors by name. */
  readonly state: ReadonlyMap<string, readonly number[]>;
}

function checkBatch(batch: number): void {
  if (Number.isInteger(batch) && batch >= 1) return;
  throw new MicroYoloError('invalid-argument', `batch ${batch}: expected a whole number of at least 1`, {
    field: 'batch',
    received: batch,
  });
}

/** @throws MicroYoloError `invalid-argument` if there are no trained parameters */
function trainedParameters(
  network: Network,
  moving: readonly Parameter[],
  objective: Objective,
): readonly Parameter[] {
  const trained = [...moving.filter(({ trainable }) => trainable), ...objective.parameters];
  if (trained.length > 0) return trained;
  throw new MicroYoloError('invalid-argument', `${network.name}: every layer is frozen; leave some to train`);
}

/**
 * Records the whole training step of a detector or a classifier: forward pass in training mode, loss, gradients,
 * clipping, update, running statistics and moving average.
 * @throws MicroYoloError `unsupported` if the outputs are neither all `yolo` nor a single `classes`
 */
export function buildTrainingStep(network: Network, options: TrainingStepOptions): TrainingStep {
  const { batch, accumulate = false, average = true, clip = true, frozen, keepZeros = false } = options;
  checkBatch(batch);
  const graph = new GraphBuilder();
  const scalars = new Map<string, Value>();
  const scalar = (name: string): Value => {
    const value = scalars.get(name) ?? graph.input(name, []);
    scalars.set(name, value);
    return value;
  };
  const apply = accumulate ? scalar('apply') : undefined;

  const input = options.pixels ? ({ type: 'uint8', ...options.pixels } as const) : undefined;
  const { values: maps, statistics } = recordForward(graph, network, 'training', {
    batch,
    frozen,
    quantization: options.quantization,
    ...(input ? { input } : {}),
  });
  const objective = recordObjective(graph, network, maps, scalar, options);
  const total = objective.loss;

  const moving = networkParameters(network).filter(({ name }) => !frozen?.(layerOf(name)));
  const trained = trainedParameters(network, moving, objective);
  const weights = trained.map(({ name, shape }) => graph.parameter(name, shape));
  const summed = summedGradients(graph, total, trained, weights, { apply, keepZeros });
  const { norm: gradientNorm, scale } = gradientScale(graph, summed.gradients, scalar, { accumulate, clip });
  const next = new Map<string, Value>(summed.next);
  const updated = updatedWeights(graph, scalar, {
    optimizer: OPTIMIZERS[options.optimizer ?? 'sgd'],
    trained,
    weights,
    gradients: summed.gradients,
    scale,
    apply,
  });
  for (const [name, value] of updated) next.set(name, value);
  for (const [name, value] of runningStatistics(graph, statistics)) next.set(name, value);
  if (average) {
    const decay = gated(graph, scalar('averageDecay'), apply, 1);
    const values = moving.map(({ name }) => [name, next.get(name)!] as const);
    for (const [name, value] of movingAverages(graph, values, decay)) next.set(name, value);
  }
  for (const [name, value] of next) graph.output(nextName(name), value);

  const values: Partial<Record<Metric, Value | undefined>> = {
    ...objective.metrics,
    loss: total,
    gradientNorm,
    finite: finiteFlag(graph, total, gradientNorm, statistics),
  };
  const metrics = [...METRICS, ...OBJECTIVE_METRICS].filter((name) => values[name] !== undefined);
  for (const name of metrics) graph.output(name, graph.reshape(values[name]!, [1]));
  const built = graph.build();
  const state = new Map(built.parameters.map(({ name, value }) => [name, value.shape as readonly number[]]));
  return { graph: built, next: nextName(''), finite: 'finite', metrics, scalars: [...scalars.keys()], state };
}
