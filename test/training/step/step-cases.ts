import type { SessionTensors } from '../../../src/executors/onnx/session/session.ts';
import { elementCount } from '../../../src/foundation/element-count.ts';
import { normalRandom, uniformRandom } from '../../../src/foundation/random.ts';
import type { Tensor, Tensors } from '../../../src/graph/operations.ts';
import { IMAGE_INPUT } from '../../../src/models/forward/photograph.ts';
import { classesOutput } from '../../../src/network/classifiers/output.ts';
import type { Anchor, Network } from '../../../src/network/layers.ts';
import { buildDetector, type DetectorName } from '../../../src/network/registry.ts';
import { inferShapes } from '../../../src/network/shapes.ts';
import { bestAnchor } from '../../../src/training/assigners/best-anchor.ts';
import { shapeRatio } from '../../../src/training/assigners/shape-ratio.ts';
import {
  hintInput,
  hintScaleInput,
  IGNORED_INPUT,
  LABELS_INPUT,
  TRUTH_CLASSES_INPUT,
  TRUTH_WEIGHTS_INPUT,
  TRUTHS_INPUT,
  targetInputs,
  teacherInputs,
} from '../../../src/training/heads/inputs.ts';
import {
  type Assigner,
  denseTargets,
  type Head,
  type Truth,
  yoloHeads,
} from '../../../src/training/heads/targets.ts';
import { initialState } from '../../../src/training/step/state.ts';
import {
  buildTrainingStep,
  type TrainingStep,
  type TrainingStepOptions,
} from '../../../src/training/step/step.ts';
import { randomWeights } from '../../network/random-weights.ts';
import { CLASSES, families, tinyClassifier, tinyTwoHeads } from './step-networks.ts';

/** A network whose centers are cell + t instead of cell + σ(t). */
const withLinearCenters = ({ layers, ...rest }: Network): Network => ({
  ...rest,
  layers: layers.map((layer) => (layer.type === 'yolo' ? { ...layer, center: 'linear' } : layer)),
});

/** The inputs of one run of the graph besides the state. */
export interface Feeds {
  readonly batch: SessionTensors;
  readonly scalars: Readonly<Record<string, number>>;
}

/** A training step to compute here and in PyTorch, made entirely from seeds. */
export interface StepCase {
  readonly network: Network;
  readonly options: TrainingStepOptions;
  readonly step: TrainingStep;
  readonly state: Tensors;
  /** One entry per run of the graph, each on the state of the previous one. */
  readonly runs: readonly Feeds[];
}

interface Recipe {
  readonly network: () => Network;
  readonly batch?: number;
  readonly options?: Omit<TrainingStepOptions, 'batch' | 'truths'>;
  readonly assigner?: Assigner;
  /** Scalars besides the usual ones; one entry per run. */
  readonly runs?: readonly Readonly<Record<string, number>>[];
  /** Without any true box. */
  readonly empty?: boolean;
  /** A seed for which no activation and no pool depends on float32's error: see the generator. */
  readonly seed?: number;
}

/** For cases that name none. */
const SEED = 3;

/** Room for true boxes per image in the inputs: more than any image here has. */
const TRUTHS = 6;

/** High learning rates and a strong decay, so that errors exceed the rounding of the weights. */
const SCALARS = {
  'learningRate.kernels': 0.1,
  'learningRate.norms': 0.2,
  'learningRate.biases': 0.3,
  weightDecay: 0.01,
  averageDecay: 0.9,
  clipNorm: 10,
  'gain.box': 5,
  'gain.objectness': 1,
  'gain.classes': 0.5,
  'gain.distill': 0.75,
  'gain.hint': 1.25,
};
const SGD = { ...SCALARS, momentum: 0.9 };
const ADAM_BETAS = { beta1: 0.9, beta2: 0.999 };
/** Scalars of the eleventh update. */
const ADAM = {
  ...SCALARS,
  ...ADAM_BETAS,
  epsilon: 1e-8,
  correction1: 1 - Math.fround(ADAM_BETAS.beta1) ** 11,
  correction2: 1 - Math.fround(ADAM_BETAS.beta2) ** 11,
};

/** YOLOv3-tiny's anchors for an input of 64 pixels, rounded to integers. */
const ANCHORS_64 = [
  [2, 3],
  [4, 5],
  [6, 9],
  [12, 13],
  [21, 26],
  [53, 49],
] as const satisfies readonly Anchor[];

const detector = (name: DetectorName) => () =>
  buildDetector(name, { classes: CLASSES, size: 64, anchors: ANCHORS_64 });

const two = [
  { apply: 0, share: 0.5 },
  { apply: 1, share: 0.5 },
] as const;

const RECIPES: Readonly<Record<string, Recipe>> = {
  'micro-yolo': { network: detector('micro-yolo'), seed: 11 },
  'yolov3-tiny': { network: detector('yolov3-tiny') },
  ...Object.fromEntries(Object.entries(families).map(([title, network]) => [title, { network }])),
  ...Object.fromEntries(
    [1, 2, 15, 16, 17, 33].map((batch) => [`a batch of ${batch}`, { network: tinyTwoHeads, batch }]),
  ),
  AdamW: { network: tinyTwoHeads, options: { optimizer: 'adamW' } },
  'two batches accumulated': { network: tinyTwoHeads, options: { accumulate: true }, runs: two },
  'two batches accumulated by AdamW': {
    network: tinyTwoHeads,
    options: { accumulate: true, optimizer: 'adamW' },
    runs: two,
  },
  'assignment by shape ratio': { network: () => tinyTwoHeads(2), assigner: shapeRatio },
  'gradients clipped to a small norm': { network: tinyTwoHeads, runs: [{ clipNorm: 0.125 }] },
  'gradients below the norm to clip at': { network: tinyTwoHeads, runs: [{ clipNorm: 1e6 }] },
  'a step that neither clips nor averages': {
    network: tinyTwoHeads,
    options: { clip: false, average: false },
  },
  'the loss iou': { network: tinyTwoHeads, options: { loss: { box: 'iou' } } },
  'the loss giou': { network: tinyTwoHeads, options: { loss: { box: 'giou' } } },
  'the loss diou': { network: tinyTwoHeads, options: { loss: { box: 'diou' } } },
  'predictions ignored above an overlap of 0.4': {
    network: tinyTwoHeads,
    options: { loss: { ignoreThreshold: 0.4 } },
  },
  'no prediction ignored': { network: tinyTwoHeads, options: { loss: { ignoreThreshold: 1 } } },
  'a classifier': { network: tinyClassifier, batch: 5 },
  'a classifier of smoothed labels, by AdamW': {
    network: tinyClassifier,
    batch: 5,
    options: { optimizer: 'adamW', loss: { labelSmoothing: 0.1 } },
  },
  'a classifier of weighed classes': {
    network: tinyClassifier,
    batch: 5,
    options: { loss: { classWeights: [0.5, 2, 1.25], labelSmoothing: 0.1 } },
  },
  'images without a true box': { network: tinyTwoHeads, empty: true },
  'assignment by SimOTA': { network: tinyTwoHeads, options: { loss: { assigner: 'sim-ota' } } },
  'SimOTA in images without a true box': {
    network: tinyTwoHeads,
    options: { loss: { assigner: 'sim-ota' } },
    empty: true,
  },
  'task-aligned assignment with its qualities': {
    network: tinyTwoHeads,
    options: {
      loss: {
        assigner: 'task-aligned',
        ignoreThreshold: 1,
        objectness: { target: 'overlap' },
        classes: { target: 'overlap' },
      },
    },
  },
  'focal objectness and classes': {
    network: tinyTwoHeads,
    options: { loss: { objectness: { form: 'focal' }, classes: { form: 'focal' } } },
  },
  'quality focal loss of overlaps': {
    network: tinyTwoHeads,
    options: {
      loss: {
        objectness: { form: 'quality', target: 'overlap' },
        classes: { form: 'quality', target: 'overlap' },
      },
    },
  },
  'varifocal loss of overlaps': {
    network: tinyTwoHeads,
    options: {
      loss: {
        box: 'iou',
        objectness: { form: 'varifocal', target: 'overlap' },
        classes: { form: 'varifocal', target: 'overlap' },
      },
    },
  },
  'smoothed labels, weighted scales and classes': {
    network: tinyTwoHeads,
    options: { loss: { labelSmoothing: 0.125, scaleBalance: [0.5, 2], classWeights: [0.25, 2, 1] } },
  },
  'boxes in which nothing is background': { network: tinyTwoHeads, options: { ignored: 2 } },
  'ignored boxes beside SimOTA, above no overlap': {
    network: tinyTwoHeads,
    options: { ignored: 2, loss: { assigner: 'sim-ota', ignoreThreshold: 1 } },
  },
  'weights of the truths': { network: tinyTwoHeads, options: { isWeighted: true } },
  'weights of the truths beside task-aligned assignment': {
    network: tinyTwoHeads,
    options: {
      isWeighted: true,
      ignored: 2,
      loss: { assigner: 'task-aligned', ignoreThreshold: 1, classWeights: [0.5, 2, 1.25] },
    },
  },
  'a teacher beside the truths': { network: tinyTwoHeads, options: { distill: true } },
  'a teacher beside SimOTA': {
    network: tinyTwoHeads,
    options: { distill: true, loss: { assigner: 'sim-ota', box: 'giou' } },
  },
  "a teacher's hints for one head and a layer": {
    network: tinyTwoHeads,
    options: {
      hints: new Map([
        ['fine.yolo', { channels: 11, copied: false }],
        ['stem.act', { channels: 6, copied: false }],
      ]),
    },
    // The layers that read the features start at 0, so they teach the features only from the second step on.
    runs: [{}, {}],
  },
  'layers that take over a map of a teacher': {
    network: tinyTwoHeads,
    options: { hints: new Map([['stem.act', { channels: 12, copied: true }]]) },
  },
  'centers that move without bounds': {
    network: () => withLinearCenters(tinyTwoHeads()),
    options: { loss: { assigner: 'sim-ota' } },
  },
};

export const stepCaseTitles: readonly string[] = Object.keys(RECIPES);

/** Up to four boxes per image, none in some; sides near an anchor's, centers anywhere. */
function randomTruths({ input, layers }: Network, batch: number, uniform: () => number): readonly Truth[][] {
  const [, height, width] = input;
  const anchors = layers.flatMap((layer) => (layer.type === 'yolo' ? layer.anchors : []));
  const pick = (count: number) => Math.floor(uniform() * count);
  return Array.from({ length: batch }, (_, image) =>
    Array.from({ length: image === 0 ? 3 : pick(5) }, (): Truth => {
      const anchor = anchors[pick(anchors.length)]!;
      const [w, h] = anchor.map((side) => side * (0.7 + 0.6 * uniform())) as [number, number];
      const [x, y] = [uniform() * width, uniform() * height];
      const { fround } = Math;
      const box = [fround(x - w / 2), fround(y - h / 2), fround(x + w / 2), fround(y + h / 2)] as const;
      return { box, classId: pick(CLASSES) };
    }),
  );
}

function labelTensor(
  batch: number,
  classes: number,
  uniform: () => number,
): Readonly<Record<string, Tensor>> {
  const data = new Float32Array(batch * classes);
  for (let image = 0; image < batch; image++) data[image * classes + Math.floor(classes * uniform())] = 1;
  return { [LABELS_INPUT]: { shape: [batch, classes], data } };
}

const weighed = (images: readonly (readonly Truth[])[], uniform: () => number) =>
  images.map((truths) => truths.map((truth) => ({ ...truth, weight: Math.fround(uniform()) })));

/** One box fewer per image than there is room for. */
function ignoredTensors(
  { input: [, height, width] }: Network,
  batch: number,
  room: number | undefined,
  uniform: () => number,
): Readonly<Record<string, Tensor>> {
  if (room === undefined) return {};
  const data = new Float32Array(batch * room * 4);
  for (let image = 0; image < batch; image++) {
    for (let place = 0; place < room - 1; place++) {
      const [left, top] = [(uniform() * width) / 2, (uniform() * height) / 2];
      data.set([left, top, left + width / 2, top + height / 3], 4 * (image * room + place));
    }
  }
  return { [IGNORED_INPUT]: { shape: [batch, room, 4], data } };
}

function truthTensors(
  images: readonly (readonly Truth[])[],
  isWeighted = false,
): Readonly<Record<string, Tensor>> {
  const boxes = new Float32Array(images.length * TRUTHS * 4);
  const classes = new Float32Array(images.length * TRUTHS);
  const weights = new Float32Array(images.length * TRUTHS);
  images.forEach((truths, image) => {
    truths.forEach(({ box, classId, weight = 1 }, index) => {
      boxes.set(box, 4 * (image * TRUTHS + index));
      classes[image * TRUTHS + index] = classId;
      weights[image * TRUTHS + index] = weight;
    });
  });
  return {
    [TRUTHS_INPUT]: { shape: [images.length, TRUTHS, 4], data: boxes },
    [TRUTH_CLASSES_INPUT]: { shape: [images.length, TRUTHS], data: classes },
    ...(isWeighted ? { [TRUTH_WEIGHTS_INPUT]: { shape: [images.length, TRUTHS], data: weights } } : {}),
  };
}

/** Predictions that a teacher could make, in a third of the cells. */
function teacherTensors(heads: readonly Head[], batch: number, uniform: () => number) {
  const tensors = heads.flatMap(({ layer, rows, columns, strideX, strideY }): [string, Tensor][] => {
    const [anchors, cells] = [layer.anchors.length, rows * columns];
    const objectness = Float32Array.from({ length: batch * anchors * cells }, () =>
      uniform() < 1 / 3 ? uniform() : 0,
    );
    const box = new Float32Array(4 * objectness.length);
    for (let place = 0; place < objectness.length; place++) {
      const [group, cell] = [Math.floor(place / cells), place % cells];
      const anchor = layer.anchors[group % anchors]!;
      const values = [
        ((cell % columns) + uniform()) * strideX,
        (Math.floor(cell / columns) + uniform()) * strideY,
        ...anchor.map((side) => side * (0.7 + 0.6 * uniform())),
      ];
      if (objectness[place] === 0) continue;
      for (const [part, value] of values.entries()) box[(4 * group + part) * cells + cell] = value;
    }
    const classes = Float32Array.from({ length: CLASSES * objectness.length }, uniform);
    const names = teacherInputs(layer.name);
    return [
      [names.objectness, { shape: [batch, anchors, 1, cells], data: objectness }],
      [names.box, { shape: [batch, anchors, 4, cells], data: box }],
      [names.classes, { shape: [batch, anchors, CLASSES, cells], data: classes }],
    ];
  });
  return Object.fromEntries(tensors);
}

/** Maps of a teacher with the requested channels. */
function hintTensors(
  network: Network,
  batch: number,
  hints: TrainingStepOptions['hints'],
  uniform: () => number,
) {
  const tensors = [...(hints ?? [])].flatMap(([name, { channels, copied }]): [string, Tensor][] => {
    const [, rows, columns] = inferShapes(network).get(name)!;
    const shape = [batch, channels, rows!, columns!];
    const map = { shape, data: Float32Array.from({ length: elementCount(shape) }, uniform) };
    if (!copied) return [[hintInput(name), map]];
    const scale = { shape: [1, 1, 1, 1], data: Float32Array.of(0.5 + uniform()) };
    return [
      [hintInput(name), map],
      [hintScaleInput(name), scale],
    ];
  });
  return Object.fromEntries(tensors);
}

/** All inputs of a step except the scalars. */
function randomBatch(
  { network, assigner = bestAnchor, empty = false, options }: Omit<Recipe, 'network'> & { network: Network },
  batch: number,
  uniform: () => number,
): SessionTensors {
  const [channels, height, width] = network.input;
  const shape = [batch, channels, height, width];
  const image = Float32Array.from({ length: elementCount(shape) }, uniform);
  const classes = classesOutput(network)?.classes;
  const heads = classes ? [] : yoloHeads(network);
  const truths =
    empty || classes ? Array.from({ length: batch }, () => []) : randomTruths(network, batch, uniform);
  const weighted = options?.isWeighted ? weighed(truths, uniform) : truths;
  const targets = denseTargets(weighted, heads, assigner).flatMap((target, index): [string, Tensor][] => {
    const { layer, rows, columns } = heads[index]!;
    const [anchors, cells] = [layer.anchors.length, rows * columns];
    const names = targetInputs(layer.name);
    return [
      [names.positive, { shape: [batch, anchors, 1, cells], data: target.positive }],
      [names.box, { shape: [batch, anchors, 4, cells], data: target.box }],
      [names.classId, { shape: [batch, anchors, 1, cells], data: target.classId }],
      ...(options?.isWeighted
        ? [[names.weight, { shape: [batch, anchors, 1, cells], data: target.weight }] as [string, Tensor]]
        : []),
    ];
  });
  const masks = network.layers.flatMap((layer): [string, Tensor][] => {
    if (layer.type !== 'dropout') return [];
    const shape = [batch, ...inferShapes(network).get(layer.name)!];
    const kept = 1 / (1 - layer.rate);
    const data = Float32Array.from({ length: elementCount(shape) }, () =>
      uniform() < layer.rate ? 0 : kept,
    );
    return [[`${layer.name}.mask`, { shape, data }]];
  });
  return {
    [IMAGE_INPUT]: { shape, data: image },
    ...(classes ? labelTensor(batch, classes, uniform) : truthTensors(weighted, options?.isWeighted)),
    ...Object.fromEntries([...targets, ...masks]),
    ...(options?.distill ? teacherTensors(heads, batch, uniform) : {}),
    ...hintTensors(network, batch, options?.hints, uniform),
    ...ignoredTensors(network, batch, options?.ignored, uniform),
  };
}

/**
 * State as in the middle of a run: averages near their values, momenta with a global norm near 1, squares as
 * of gradients clipped to a norm near 10.
 */
function randomState(step: TrainingStep, network: Network, seed: number): Tensors {
  const uniform = uniformRandom(seed + 1);
  const normal = normalRandom(uniform);
  const state = initialState(step, randomWeights(network, seed));
  const count = [...state]
    .filter(([name]) => name.startsWith('momentum/') || name.startsWith('first/'))
    .reduce((sum, [, { shape }]) => sum + elementCount(shape), 0);
  for (const [name, { data }] of state) {
    const kind = name.slice(0, name.indexOf('/') + 1);
    for (let i = 0; i < data.length; i++) {
      if (kind === 'average/') data[i] = data[i]! * (1 + 0.1 * normal());
      if (kind === 'momentum/' || kind === 'first/') data[i] = normal() / Math.sqrt(count);
      if (kind === 'second/') data[i] = (100 * (0.5 + uniform())) / count;
    }
  }
  return state;
}

/** Makes a case; the same on every machine. */
export function stepCase(title: string, seed = RECIPES[title]?.seed ?? SEED): StepCase {
  const recipe = RECIPES[title]!;
  const { batch = 2, options = {}, runs = [{}] } = recipe;
  const network = recipe.network();
  const uniform = uniformRandom(seed);
  const step = buildTrainingStep(network, { batch, truths: TRUTHS, ...options });
  const scalars = options.optimizer === 'adamW' ? ADAM : SGD;
  return {
    network,
    options: { batch, truths: TRUTHS, ...options },
    step,
    state: randomState(step, network, seed),
    runs: runs.map((changed) => ({
      batch: randomBatch({ ...recipe, network }, batch, uniform),
      scalars: Object.fromEntries(
        // Rounded as the graph takes them, so that PyTorch, which uses float64 scalars, gets the same numbers.
        Object.entries({ ...scalars, ...changed }).map(([name, value]) => [name, Math.fround(value)]),
      ),
    })),
  };
}
