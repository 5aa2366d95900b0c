import { resolve } from 'node:path';
import * as z from 'zod';
import { ENGINES } from '../../executors/step/names.ts';
import { isAddress } from '../../foundation/addresses.ts';
import { shippedModelPath } from '../../models/fetch/catalog.ts';
import { isNetworkName } from '../../network/registry.ts';
import { augmentationSchema } from '../augmentation/options.ts';
import { CACHES } from '../loader/store/fill.ts';
import { OPTIMIZER_NAMES, OPTIMIZERS } from '../optimizers/registry.ts';

const share = z.number().min(0).max(1);
const decay = z.number().min(0).lt(1);
const positive = z.number().positive();
const count = z.number().int().min(1);
const side = z.number().int().min(32).max(8192).multipleOf(32);

/** Side of a square input, or width and height, in pixels. Multiples of 32. */
const sizeSchema = z.union([side, z.strictObject({ width: side, height: side })]);

const optimizerSchema = z.strictObject({
  kind: z
    .enum(OPTIMIZER_NAMES)
    .default('adamW')
    .describe(OPTIMIZER_NAMES.map((name) => OPTIMIZERS[name].about).join(', or ')),
  learningRate: positive.default(0.002).describe('peak learning rate per update'),
  momentum: decay.default(0.9).describe('momentum of SGD; β₁ of AdamW'),
  beta2: decay.default(0.999).describe('β₂ of AdamW'),
  epsilon: positive.default(1e-8).describe('ε of AdamW'),
  weightDecay: z
    .number()
    .min(0)
    .default(OPTIMIZERS.adamW.weightDecay)
    .describe('weight decay per update, for kernels only (default for SGD: 0.0005)'),
  clipNorm: positive.default(10).describe('maximum global norm of the gradient'),
});

const scheduleSchema = z.strictObject({
  decay: z
    .enum(['cosine', 'one-cycle', 'step', 'linear', 'constant'])
    .default('cosine')
    .describe('curve of the learning rate'),
  warmup: share.default(0.03).describe('share of the run in which the learning rate rises'),
  final: share.default(0.02).describe('learning rate at the end, as a share of its peak'),
  steps: z
    .array(share)
    .default([0.8, 0.9])
    .describe('points at which `step` reduces the learning rate, as shares of the run'),
  factor: share.default(0.1).describe('factor of each reduction'),
});

const scoreSchema = z.strictObject({
  form: z
    .enum(['bce', 'focal', 'quality', 'varifocal'])
    .default('bce')
    .describe('binary cross-entropy (bce), or a form that gives easy examples less weight'),
  target: z
    .enum(['hard', 'overlap'])
    .default('hard')
    .describe('target for objects: 1 (hard), or the IoU of the predicted box (overlap)'),
});

const gain = (value: number) => z.number().min(0).default(value);

const lossSchema = z.strictObject({
  assigner: z
    .enum(['best-anchor', 'shape-ratio', 'sim-ota', 'task-aligned'])
    .default('sim-ota')
    .describe('how anchor cells are assigned to objects: by boxes alone, or also by predictions'),
  box: z.enum(['iou', 'giou', 'diou', 'ciou']).default('ciou').describe('overlap measure of the box loss'),
  ignoreThreshold: share
    .default(0.7)
    .describe('predictions with a higher IoU with an object are not trained as background'),
  gains: z
    .strictObject({ box: gain(5), objectness: gain(1), classes: gain(1), distill: gain(1), hint: gain(0) })
    .prefault({})
    .describe('weights of the loss terms'),
  objectness: scoreSchema.prefault({}),
  classes: scoreSchema.prefault({}),
  labelSmoothing: share.default(0).describe('moves class targets away from 0 and 1'),
  scaleBalance: z
    .array(z.number().min(0))
    .nullable()
    .default(null)
    .describe('weight of the objectness of each output, coarsest first (default: 1 each)'),
  classWeights: z
    .union([z.enum(['none', 'inverse', 'sqrt']), z.array(z.number().min(0)).min(1)])
    .default('none')
    .describe('weight of each class: from its number of objects, or a list of numbers'),
});

/** All settings of a training run, with their defaults. */
export const trainingSettingsSchema = z.strictObject({
  data: z
    .string()
    .describe(
      'COCO .json, dataset .yaml, Darknet .data, YOLO data.yaml, or a folder: Pascal VOC, SPLIT/CLASS/IMAGE, CIFAR',
    ),
  model: z.string().default('micro-yolo').describe('name of a network, or a model file to train'),
  weights: z
    .string()
    .nullable()
    .default(null)
    .describe(
      'model file to start from: uses the tensors that fit by name and shape, and matches classes by name; for a Darknet .cfg, its weights file, complete or only its first layers',
    ),
  name: z
    .string()
    .regex(/^[\w.-]+$/, 'expected letters, digits, dots and dashes')
    .nullable()
    .default(null)
    .describe('name of the run folder (default: from the data)'),
  runs: z.string().default('runs').describe('folder for the run folders'),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1)
    .describe('seed of weights, order and augmentation'),
  size: sizeSchema.default(320).describe('size of the network input, in pixels'),
  epochs: count.default(100).describe('passes over the training images'),
  maxMinutes: positive
    .nullable()
    .default(null)
    .describe('duration of the run, instead of epochs; the schedule fits it'),
  batch: count.max(1024).default(8).describe('images per step'),
  accumulate: count.max(1024).default(1).describe('number of steps whose gradients form one update'),
  anchors: z
    .enum(['auto', 'fit', 'keep', 'teacher'])
    .default('auto')
    .describe(
      "fit: fitted to the data's boxes; keep: the network's own; teacher: the teacher's, cell by cell; auto: fit for a network by name, keep if output layers come from other weights",
    ),
  optimizer: optimizerSchema.prefault({}),
  schedule: scheduleSchema.prefault({}),
  averageDecay: share
    .default(0.998)
    .describe("decay of the weights' moving average, which is evaluated and saved"),
  loss: lossSchema.prefault({}),
  augmentation: augmentationSchema.prefault({}),
  cleanShare: share
    .default(0.15)
    .describe('last part of the run without mosaic, mixup and copies, as a share'),
  multiScale: z
    .strictObject({
      sizes: z.array(sizeSchema).min(1).describe('input sizes to use in turn'),
      every: count.min(50).default(200).describe('steps between size changes'),
    })
    .nullable()
    .default(null)
    .describe('changes the input size during the run'),
  teacher: z
    .string()
    .nullable()
    .default(null)
    .describe(
      'model file (.safetensors, .cfg or .onnx) to also learn predictions from; the gain `distill` is their weight',
    ),
  teacherWeights: z
    .string()
    .nullable()
    .default(null)
    .describe("weights file for a teacher's .cfg (default: beside it)"),
  hints: z
    .record(z.string(), z.string())
    .default({})
    .describe(
      'layers that imitate a layer of the teacher (in an ONNX file: a tensor), in addition to the outputs; the gain `hint` is their weight',
    ),
  freeze: z.array(z.string()).default([]).describe('layers that are not trained: names, or prefixes with *'),
  repeatThreshold: share
    .default(0)
    .describe(
      'a class in a smaller share of the images is rare; each epoch repeats images of rare classes (0: none)',
    ),
  labelScores: z
    .enum(['ignore', 'weight'])
    .default('ignore')
    .describe("whether an annotation's `score`, 0–1, is the weight of its object in the loss"),
  trainSplit: z.string().default('train').describe('split to train on'),
  evaluateSplit: z.string().nullable().default('val').describe('split to evaluate on; null: none'),
  valShare: z
    .number()
    .gt(0)
    .lt(1)
    .nullable()
    .default(null)
    .describe('for data without an evaluation split: share of the training images held out for evaluation'),
  splitSeed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1)
    .describe('seed for valShare: the same one holds out the same images, for any seed of the run'),
  nearDuplicates: z
    .enum(['together', 'ignore'])
    .default('together')
    .describe('for valShare: whether near-identical images stay on one side'),
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
    .describe('ends the run after this many evaluations without a better mAP; 0: never'),
  checkpointMinutes: positive
    .default(5)
    .describe('minutes between checkpoints; each epoch also ends with one'),
  engine: z.enum(ENGINES).default('auto').describe('engine that computes the steps'),
  tune: z
    .boolean()
    .default(false)
    .describe('first measure which form of each gradient is fastest on this machine'),
  threads: count
    .max(1024)
    .nullable()
    .default(null)
    .describe('CPU threads of the engine (default: all cores)'),
  workers: count.max(64).default(1).describe('threads that make batches'),
  cache: z.enum(CACHES).default('auto').describe('where to keep decoded images'),
});

/** All settings of a training run, with defaults filled in. */
export type TrainingSettings = Readonly<z.infer<typeof trainingSettingsSchema>>;

/** Some settings of a training run, by section. Missing ones keep their defaults. */
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
