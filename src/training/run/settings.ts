import { resolve } from 'node:path';
import * as z from 'zod';
import { ENGINES } from '../../executors/step/names.ts';
import { isAddress } from '../../foundation/addresses.ts';
import { shippedModelPath } from '../../models/fetch/catalog.ts';
import { isNetworkName } from '../../network/registry.ts';
import { augmentationSchema } from '../augmentation/options.ts';
import { CACHES } from '../loader/store/fill.ts';
import { OPTIMIZER_NAMES, OPTIMIZERS } from '../optimizers/registry.ts';
import { CONSTRAINTS } from '../step/equal-weights.ts';

const share = z.number().min(0).max(1);
const decay = z.number().min(0).lt(1);
const positive = z.number().positive();
const count = z.number().int().min(1);
const side = z.number().int().min(32).max(8192).multipleOf(32);

/** Of a square input, or width and height; multiples of 32. In pixels. */
const sizeSchema = z.union([side, z.strictObject({ width: side, height: side })]);

const optimizerSchema = z.strictObject({
  kind: z
    .enum(OPTIMIZER_NAMES)
    .default('adamW')
    .describe(OPTIMIZER_NAMES.map((name) => OPTIMIZERS[name].about).join(', or ')),
  learningRate: positive.default(0.002).describe('at its peak, an update'),
  momentum: decay.default(0.9).describe('of SGD; β₁ of AdamW'),
  beta2: decay.default(0.999).describe('of AdamW'),
  epsilon: positive.default(1e-8).describe('of AdamW'),
  weightDecay: z
    .number()
    .min(0)
    .default(OPTIMIZERS.adamW.weightDecay)
    .describe('of kernels only, an update (default of SGD: 0.0005)'),
  clipNorm: positive.default(10).describe('largest global norm of the gradient'),
});

const scheduleSchema = z.strictObject({
  decay: z
    .enum(['cosine', 'one-cycle', 'step', 'linear', 'constant'])
    .default('cosine')
    .describe('of the learning rate'),
  warmup: share.default(0.03).describe('share of the run in which the learning rate rises'),
  final: share.default(0.02).describe('learning rate at the end, as a share of its peak'),
  steps: z
    .array(share)
    .default([0.8, 0.9])
    .describe('where `step` cuts the learning rate, as shares of the run'),
  factor: share.default(0.1).describe('by which it cuts'),
});

const scoreSchema = z.strictObject({
  form: z
    .enum(['bce', 'focal', 'quality', 'varifocal'])
    .default('bce')
    .describe('binary cross-entropy, or a form that weighs easy examples less'),
  target: z.enum(['hard', 'overlap']).default('hard').describe('1, or how well the box overlaps its object'),
});

const gain = (value: number) => z.number().min(0).default(value);

const lossSchema = z.strictObject({
  assigner: z
    .enum(['best-anchor', 'shape-ratio', 'sim-ota', 'task-aligned'])
    .default('sim-ota')
    .describe('which anchor cells answer for an object: by boxes alone, or by what the network predicts'),
  box: z
    .enum(['iou', 'giou', 'diou', 'ciou'])
    .default('ciou')
    .describe('overlap that the boxes are trained by'),
  ignoreThreshold: share.default(0.7).describe('IoU above which a prediction is not told to be background'),
  gains: z
    .strictObject({ box: gain(5), objectness: gain(1), classes: gain(1), distill: gain(1), hint: gain(0) })
    .prefault({})
    .describe('weights of the parts of the loss'),
  objectness: scoreSchema.prefault({}),
  classes: scoreSchema.prefault({}),
  labelSmoothing: share.default(0).describe('moves the targets of classes away from 0 and 1'),
  scaleBalance: z
    .array(z.number().min(0))
    .nullable()
    .default(null)
    .describe('weight of the objectness of each output, coarsest first (default: 1 each)'),
  classWeights: z
    .union([z.enum(['none', 'inverse', 'sqrt']), z.array(z.number().min(0)).min(1)])
    .default('none')
    .describe('weight of an object by the number of its class, or numbers by class'),
});

/** Every setting of a training run, with its default. */
export const trainingSettingsSchema = z.strictObject({
  data: z
    .string()
    .describe(
      'COCO .json, dataset .yaml, Darknet .data, YOLO data.yaml, or a folder: Pascal VOC, SPLIT/CLASS/IMAGE, CIFAR',
    ),
  model: z
    .string()
    .default('micro-yolo')
    .describe('network by name, or a model file whose network is trained'),
  weights: z
    .string()
    .nullable()
    .default(null)
    .describe(
      'model file to start from: what fits by name and shape is taken, classes by their names; with a Darknet .cfg as the model, its weights, whole or of its first layers',
    ),
  name: z
    .string()
    .regex(/^[\w.-]+$/, 'expected letters, digits, dots and dashes')
    .nullable()
    .default(null)
    .describe('of the run folder (default: of the data)'),
  runs: z.string().default('runs').describe('folder of run folders'),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1)
    .describe('of weights, order and augmentation'),
  size: sizeSchema.default(320).describe('of the network input, in pixels'),
  epochs: count.default(100).describe('passes over the training images'),
  maxMinutes: positive
    .nullable()
    .default(null)
    .describe('length of the run instead of epochs: the schedule fits into it'),
  batch: count.max(1024).default(8).describe('images a step'),
  accumulate: count.max(1024).default(1).describe('steps whose gradients make one update'),
  anchors: z
    .enum(['auto', 'fit', 'keep', 'teacher'])
    .default('auto')
    .describe(
      "fitted to the data's boxes, the network's own, or the teacher's, cell by cell; auto: fitted for a network by name, but kept with outputs that are taken from other weights",
    ),
  optimizer: optimizerSchema.prefault({}),
  schedule: scheduleSchema.prefault({}),
  averageDecay: share
    .default(0.998)
    .describe("of the weights' moving average, which is what is evaluated and kept"),
  loss: lossSchema.prefault({}),
  augmentation: augmentationSchema.prefault({}),
  cleanShare: share.default(0.15).describe('last share of the run, without mosaic, mixup and copies'),
  multiScale: z
    .strictObject({
      sizes: z.array(sizeSchema).min(1).describe('that the input takes in turn'),
      every: count.min(50).default(200).describe('steps between changes'),
    })
    .nullable()
    .default(null)
    .describe('changes the input size during the run'),
  teacher: z
    .string()
    .nullable()
    .default(null)
    .describe(
      'model file (.safetensors, .cfg or .onnx) whose predictions are learned as well, by the gain `distill`',
    ),
  teacherWeights: z
    .string()
    .nullable()
    .default(null)
    .describe('weights file of a teacher that is a Darknet .cfg (default: beside it)'),
  hints: z
    .record(z.string(), z.string())
    .default({})
    .describe(
      'layers whose maps learn to tell a layer of the teacher, of an ONNX file a tensor, by the gain `hint`, beside the outputs',
    ),
  freeze: z
    .array(z.string())
    .default([])
    .describe('layers that stay as they are: names, or beginnings with *'),
  constraint: z
    .enum(CONSTRAINTS)
    .default('none')
    .describe(
      'what stays true of kernels: `zeros` keeps weights 0 that are 0, `equal` keeps equal ones equal too',
    ),
  repeatThreshold: share
    .default(0)
    .describe(
      'share of the images below which a class is rare; an epoch repeats the images of rare classes (0: none)',
    ),
  labelScores: z
    .enum(['ignore', 'weight'])
    .default('ignore')
    .describe("whether an annotation's `score`, 0–1, weighs its object's part in the loss"),
  trainSplit: z.string().default('train').describe('split that is trained on'),
  evaluateSplit: z.string().nullable().default('val').describe('split that is evaluated on; null: none'),
  valShare: z
    .number()
    .gt(0)
    .lt(1)
    .nullable()
    .default(null)
    .describe('share of the training images that is kept to evaluate on, of data without a split for that'),
  splitSeed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1)
    .describe('of valShare: the same one keeps the same images, whatever the seed of the run'),
  nearDuplicates: z
    .enum(['together', 'ignore'])
    .default('together')
    .describe('of valShare: whether near-identical images stay on one side'),
  evaluateEvery: z
    .number()
    .int()
    .min(0)
    .default(5)
    .describe('epochs between evaluations; 0: only at the end'),
  patience: z
    .number()
    .int()
    .min(0)
    .default(0)
    .describe('evaluations without a better mAP that end the run; 0: never'),
  checkpointMinutes: positive.default(5).describe('between checkpoints; each epoch ends with one too'),
  engine: z.enum(ENGINES).default('auto').describe('that computes the steps'),
  tune: z.boolean().default(false).describe('first measure which form of each gradient is fastest here'),
  threads: count
    .max(1024)
    .nullable()
    .default(null)
    .describe('CPU threads of the engine (default: all cores)'),
  workers: count.max(64).default(1).describe('threads that make batches'),
  cache: z.enum(CACHES).default('auto').describe('where decoded images stay'),
});

/** All settings of a run, defaults filled in. */
export type TrainingSettings = Readonly<z.infer<typeof trainingSettingsSchema>>;

/** Settings that somebody gives: not all, by section. */
export type PartialTrainingSettings = Readonly<Partial<z.input<typeof trainingSettingsSchema>>>;

/**
 * Settings that a resumed run may change: its outcome does not depend on them, but for the rounding of another
 * engine or number of threads.
 */
export const FREE_SETTINGS = [
  'runs',
  'name',
  'checkpointMinutes',
  'engine',
  'threads',
  'workers',
  'cache',
] as const satisfies readonly (keyof TrainingSettings)[];

/** Settings whose paths mean the same from any current folder. */
export function rootedSettings(settings: TrainingSettings): TrainingSettings {
  const { data, model, weights, teacher, teacherWeights, runs } = settings;
  const isName = (name: string) =>
    isNetworkName(name) || isAddress(name) || shippedModelPath(name) !== undefined;
  const rooted = (name: string) => (isName(name) ? name : resolve(name));
  return {
    ...settings,
    data: resolve(data),
    model: rooted(model),
    weights: weights && rooted(weights),
    teacher: teacher && rooted(teacher),
    teacherWeights: teacherWeights && resolve(teacherWeights),
    runs: resolve(runs),
  };
}

/** The settings that a run's outcome depends on, as text to compare. */
export function outcomeSettings(settings: TrainingSettings): string {
  const free: readonly string[] = FREE_SETTINGS;
  const kept = Object.entries(rootedSettings(settings)).filter(([key]) => !free.includes(key));
  return JSON.stringify(Object.fromEntries(kept));
}
