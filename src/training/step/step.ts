import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import { gradients } from '../../graph/gradients/gradients.ts';
import type { Graph, Tensor, Tensors, Value } from '../../graph/operations.ts';
import { type BatchStatistics, type PixelScale, recordForward } from '../../models/forward/forward.ts';
import { classesOutput } from '../../network/classifiers/output.ts';
import type { Network } from '../../network/layers.ts';
import { elementCount, networkParameters, type Parameter } from '../../network/parameters.ts';
import { isHintParameter } from '../losses/hint.ts';
import type { DetectionLossOptions } from '../losses/options.ts';
import { classificationObjective } from '../objectives/classification.ts';
import { detectionObjective } from '../objectives/detection.ts';
import { METRICS, type Metric, OBJECTIVE_METRICS } from '../objectives/objective.ts';
import { gated, keptName } from '../optimizers/optimizer.ts';
import { layerOf, nextName, parameterGroup, stateName } from '../optimizers/parameters.ts';
import { OPTIMIZERS, type OptimizerName } from '../optimizers/registry.ts';

/** Options of a step. */
export interface TrainingStepOptions {
  /** Images a step. */
  readonly batch: number;
  /** True boxes an image that the ignore rule looks at. @default 32 */
  readonly truths?: number;
  /** Boxes an image in which nothing is told to be background: the input `ignored`. @default 0 */
  readonly ignored?: number | undefined;
  /** Takes a weight of each true box's part in the loss: inputs ending `.weight`. @default false */
  readonly isWeighted?: boolean | undefined;
  /** @default 'sgd' */
  readonly optimizer?: OptimizerName;
  /** Sums gradients over steps; the scalars `apply` and `share` say when they act. @default false */
  readonly accumulate?: boolean;
  /** Keeps a moving average of weights and running statistics. @default true */
  readonly average?: boolean;
  /** Scales gradients down to a global norm of at most the scalar `clipNorm`. @default true */
  readonly clip?: boolean;
  /** Options of the loss. */
  readonly loss?: DetectionLossOptions;
  /**
   * Adds the distance to what a teacher says, which comes with the batch: see `teacherTargets`. The scalar
   * `gain.distill` weighs it. @default false
   */
  readonly distill?: boolean;
  /**
   * Trains the features of layers to tell a teacher's maps, which come with the batch: see `teacherHints`. By
   * the name of a layer, the channels of its map. The scalar `gain.hint` weighs it. @default none
   */
  readonly hints?: ReadonlyMap<string, number> | undefined;
  /**
   * Layers that stay as they are, by name: their parameters do not move, and their batch norms use the running
   * statistics. @default none
   */
  readonly frozen?: ((layer: string) => boolean) | undefined;
  /** Weights of kernels that are 0 stay 0: their gradients are taken for 0. @default false */
  readonly keepZeros?: boolean | undefined;
  /**
   * Images are uint8 [N, H, W, 3], scaled so in the graph; without it float32 [N, C, H, W].
   */
  readonly pixels?: PixelScale;
}

/**
 * A training step as a pure function (state, batch, scalars) → (next state, metrics). The graph's parameters
 * are the state, its inputs batch and scalars; the outputs are `next/NAME` for each state tensor NAME, and
 * the metrics. A step whose `finite` is 0 must not be taken over: its state holds numbers that are none.
 */
export interface TrainingStep {
  /** The whole step. */
  readonly graph: Graph;
  /** Prefix of the outputs that hold the next state. */
  readonly next: string;
  /** The metric that is 0 where the next state must not be taken over. */
  readonly finite: string;
  /** Outputs that are no state. */
  readonly metrics: readonly Metric[];
  /** Names of the inputs that are scalars, shape []. */
  readonly scalars: readonly string[];
  /** Shapes of the state tensors by name. */
  readonly state: ReadonlyMap<string, readonly number[]>;
}

/** Largest number that counts as finite. */
const LARGEST = 3e38;

/** Running statistics after a batch, the variance unbiased as in PyTorch. */
function runningStatistics(
  graph: GraphBuilder,
  { layer, mean, variance, count }: BatchStatistics,
): readonly (readonly [string, Value])[] {
  const next = (key: string, fresh: Value) => {
    const name = `${layer.name}.${key}`;
    const old = graph.parameter(name, fresh.shape as readonly number[]);
    const kept = graph.linear(old, 1 - layer.momentum);
    return [name, graph.binary('add', kept, graph.linear(fresh, layer.momentum))] as const;
  };
  const unbiased = graph.linear(variance, count / Math.max(1, count - 1));
  return [next('running_mean', mean), next('running_var', unbiased)];
}

/** average ← decay·average + (1 − decay)·value, written so that it costs one difference. */
function movingAverage(graph: GraphBuilder, name: string, value: Value, decay: Value): Value {
  const old = graph.parameter(stateName.average(name), value.shape as readonly number[]);
  const difference = graph.binary('subtract', old, value);
  return graph.binary('add', value, graph.binary('multiply', difference, decay));
}

/** Beyond any weight's reciprocal, and within float32 as a product with any weight. */
const STEEP = 2 ** 100;

/** 0 for numbers that are 0, else 1: a product and a clip are faster than a comparison. */
function isNotZero(graph: GraphBuilder, weight: Value): Value {
  const steep = graph.linear(graph.unary('abs', weight), STEEP);
  return graph.apply({ op: 'clip', min: 0, max: 1 }, steep);
}

function globalNorm(graph: GraphBuilder, values: readonly Value[]): Value {
  const squares = values.map((value) => graph.reshape(graph.reduce('sumOfSquares', value), [1]));
  const all = graph.apply({ op: 'concat', axis: 0 }, ...squares);
  return graph.unary('sqrt', graph.reshape(graph.reduce('sum', all), []));
}

/**
 * Records a detector's or a classifier's whole training step: forward in training mode, loss, gradients, clipping, update,
 * running statistics and moving average.
 * @throws MicroYoloError `unsupported` if the network has another output than `yolo`, or one of `classes`
 */
export function buildTrainingStep(network: Network, options: TrainingStepOptions): TrainingStep {
  const {
    batch,
    truths = 32,
    ignored,
    isWeighted,
    accumulate = false,
    average = true,
    clip = true,
    frozen,
    keepZeros = false,
  } = options;
  if (!Number.isInteger(batch) || batch < 1) {
    throw new MicroYoloError('invalid-argument', `batch ${batch}: expected a whole number of at least 1`, {
      field: 'batch',
      received: batch,
    });
  }
  const optimizer = OPTIMIZERS[options.optimizer ?? 'sgd'];
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
    ...(input ? { input } : {}),
  });
  const { loss: lossOptions, distill = false, hints } = options;
  const classes = classesOutput(network);
  if (classes && (distill || hints?.size)) {
    throw new MicroYoloError(
      'invalid-argument',
      `${network.name}: a classifier learns from no teacher; leave out distill and hints`,
    );
  }
  const objective = classes
    ? classificationObjective(graph, classes, maps.get(classes.inputs[0]!)!, lossOptions)
    : detectionObjective(graph, network, maps, scalar, {
        room: { truths, ignored, isWeighted },
        loss: lossOptions,
        distill,
        hints,
      });
  const total = objective.loss;

  const moving = networkParameters(network).filter(({ name }) => !frozen?.(layerOf(name)));
  const trained = [...moving.filter(({ trainable }) => trainable), ...objective.parameters];
  if (trained.length === 0) {
    throw new MicroYoloError(
      'invalid-argument',
      `${network.name}: every layer is frozen; leave some to train`,
    );
  }
  const weights = trained.map(({ name, shape }) => graph.parameter(name, shape));
  const next = new Map<string, Value>();
  const raw = gradients(graph, total, weights).map((found, index) => {
    const { name, shape } = trained[index]!;
    const isKept = keepZeros && parameterGroup({ name, shape }) === 'kernels';
    const gradient = isKept ? graph.binary('multiply', found, isNotZero(graph, weights[index]!)) : found;
    if (!accumulate) return gradient;
    const sum = graph.binary('add', graph.parameter(stateName.accumulated(name), shape), gradient);
    next.set(stateName.accumulated(name), graph.binary('multiply', sum, graph.linear(apply!, -1, 1)));
    return sum;
  });
  const share = accumulate ? scalar('share') : undefined;
  const norm = globalNorm(graph, raw);
  const gradientNorm = share ? graph.binary('multiply', norm, share) : norm;
  let scale = share;
  if (clip) {
    const most = graph.binary('divide', scalar('clipNorm'), graph.linear(gradientNorm, 1, 1e-6));
    const clipping = graph.binary('minimum', most, graph.constant(1));
    scale = share ? graph.binary('multiply', share, clipping) : clipping;
  }
  trained.forEach(({ name, shape }, index) => {
    const gradient = scale ? graph.binary('multiply', raw[index]!, scale) : raw[index]!;
    const group = parameterGroup({ name, shape });
    const updated = optimizer.update(graph, scalar, { name, value: weights[index]!, gradient, group, apply });
    for (const [key, value] of updated) next.set(key, value);
  });
  for (const batchStatistics of statistics) {
    for (const [name, value] of runningStatistics(graph, batchStatistics)) next.set(name, value);
  }
  if (average) {
    const decay = gated(graph, scalar('averageDecay'), apply, 1);
    for (const { name } of moving) {
      next.set(stateName.average(name), movingAverage(graph, name, next.get(name)!, decay));
    }
  }
  for (const [name, value] of next) graph.output(nextName(name), value);

  const bounded = [graph.unary('abs', graph.reshape(total, [])), gradientNorm];
  if (statistics.length > 0) {
    // A variance may overflow and leave loss and gradients finite: the map it normalizes becomes 0.
    const variances = graph.apply({ op: 'concat', axis: 0 }, ...statistics.map(({ variance }) => variance));
    bounded.push(graph.reshape(graph.reduce('sum', variances), []));
  }
  const finite = bounded
    .map((value) => graph.indicator('less', value, graph.constant(LARGEST)))
    .reduce((all, one) => graph.binary('multiply', all, one));
  const values: Partial<Record<Metric, Value | undefined>> = {
    ...objective.metrics,
    loss: total,
    gradientNorm,
    finite,
  };
  const metrics = [...METRICS, ...OBJECTIVE_METRICS].filter((name) => values[name] !== undefined);
  for (const name of metrics) graph.output(name, graph.reshape(values[name]!, [1]));
  const built = graph.build();
  const state = new Map(built.parameters.map(({ name, value }) => [name, value.shape as readonly number[]]));
  return { graph: built, next: nextName(''), finite: 'finite', metrics, scalars: [...scalars.keys()], state };
}

/** What a run keeps beside its parameters, which it begins at 0. */
const KEPT_BESIDE = new RegExp(
  `^(${[
    ...Object.values(OPTIMIZERS).flatMap(({ kept }) => kept.map((name) => keptName(name, ''))),
    ...Object.values(stateName).map((of) => of('')),
  ].join('|')})`,
);

/**
 * A step's state at the start of a run: the weights, averages equal to them, the rest zero.
 * @throws MicroYoloError `invalid-argument` if a weight is missing or of another shape
 */
export function initialState({ state }: Pick<TrainingStep, 'state'>, weights: Tensors): Tensors {
  const start = ([name, shape]: [string, readonly number[]]): [string, Tensor] => {
    const source = name.startsWith(stateName.average('')) ? name.slice(stateName.average('').length) : name;
    const tensor = weights.get(source);
    if (!tensor) {
      if (!KEPT_BESIDE.test(source) && !isHintParameter(source))
        throw new MicroYoloError('invalid-argument', `weights: ${source} is missing`);
      return [name, { shape, data: new Float32Array(elementCount(shape)) }];
    }
    if (tensor.shape.join() !== shape.join()) {
      const [given, expected] = [tensor.shape.join('×'), shape.join('×')];
      throw new MicroYoloError('invalid-argument', `weights: ${source} is ${given}, expected ${expected}`);
    }
    return [name, { shape, data: tensor.data.slice() }];
  };
  return new Map([...state].map(start));
}

/** The weights, or their moving average where asked, as a model holds them. */
export function weightsOf(
  parameters: readonly Parameter[],
  state: Tensors,
  kind: 'current' | 'average' = 'current',
): Tensors {
  const source = (name: string) => (kind === 'average' ? stateName.average(name) : name);
  // Frozen parameters have no average.
  return new Map(parameters.map(({ name }) => [name, (state.get(source(name)) ?? state.get(name))!]));
}
