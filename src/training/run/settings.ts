import * as z from 'zod';
import { ENGINES } from '../../executors/step/names.ts';
import { augmentationSchema } from '../augmentation/options.ts';
import { CACHES } from '../loader/store/fill.ts';
import { lossSchema } from '../losses/settings.ts';
import { optimizerSchema } from '../optimizers/settings.ts';
import { scheduleSchema } from './schedule.ts';

const share = z.number().min(0).max(1);
const positive = z.number().positive();
const count = z.number().int().min(1);
const side = z.number().int().min(32).max(8192).multipleOf(32);

/** Of a square input, or width and height; multiples of 32. In pixels. */
const sizeSchema = z.union([side, z.strictObject({ width: side, height: side })]);

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
