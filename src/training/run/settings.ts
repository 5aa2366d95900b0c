import * as z from 'zod';
import { ENGINES } from '../../executors/step/names.ts';
import { augmentationSchema } from '../augmentation/options.ts';
import { CACHES } from '../loader/store/fill.ts';
import { lossSchema } from '../losses/settings.ts';
import { optimizerSchema } from '../optimizers/settings.ts';
import { CONSTRAINTS } from '../step/equal-weights.ts';
import { scheduleSchema } from './schedule.ts';

const share = z.number().min(0).max(1);
const positive = z.number().positive();
const count = z.number().int().min(1);
const side = z.number().int().min(32).max(8192).multipleOf(32);

/** Side of a square input, or width and height, in pixels. Multiples of 32. */
const sizeSchema = z.union([side, z.strictObject({ width: side, height: side })]);

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
  constraint: z
    .enum(CONSTRAINTS)
    .default('none')
    .describe('what stays true of kernels: `zeros` keeps zeros at 0, `equal` also keeps equal weights equal'),
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
