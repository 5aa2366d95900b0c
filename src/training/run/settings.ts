import * as z from 'zod';
import { ENGINES } from '../../executors/step/names.ts';
import type { OptionRow } from '../../foundation/errors/option-row.ts';
import { CACHES, SETTING_OPTIONS } from '../../options/train.ts';
import { augmentationSchema } from '../augmentation/options.ts';
import { lossSchema } from '../losses/settings.ts';
import { optimizerSchema } from '../optimizers/settings.ts';
import { scheduleSchema } from './schedule.ts';

const share = z.number().min(0).max(1);
const positive = z.number().positive();
const count = z.number().int().min(1);
const side = z.number().int().min(32).max(8192).multipleOf(32);

/** Of a square input, or width and height; multiples of 32. In pixels. */
const sizeSchema = z.union([side, z.strictObject({ width: side, height: side })]);

const ROWS: Readonly<Record<keyof typeof SETTING_OPTIONS, OptionRow>> = SETTING_OPTIONS;

/** What a setting is, for the experiment file. */
function about(name: keyof typeof SETTING_OPTIONS): string {
  const { about: words, choices, otherwise } = ROWS[name];
  const listed = choices ? `${words}: ${choices.join(', ')}` : words;
  return otherwise === undefined ? listed : `${listed} (default: ${otherwise})`;
}

/** A whole number by its row. */
function whole(name: 'seed' | 'epochs' | 'batch' | 'patience' | 'workers') {
  const { range, default: value } = SETTING_OPTIONS[name];
  return z.number().int().min(range[0]).max(range[1]).default(value).describe(about(name));
}

/** Every setting of a training run, with its default. */
export const trainingSettingsSchema = z.strictObject({
  data: z.string().describe(about('data')),
  model: z.string().default(SETTING_OPTIONS.model.default).describe(about('model')),
  weights: z.string().nullable().default(null).describe(about('weights')),
  name: z
    .string()
    .regex(/^[\w.-]+$/, 'expected letters, digits, dots and dashes')
    .nullable()
    .default(null)
    .describe(about('name')),
  runs: z.string().default(SETTING_OPTIONS.runs.default).describe(about('runs')),
  seed: whole('seed'),
  size: sizeSchema.default(SETTING_OPTIONS.size.default).describe(about('size')),
  epochs: whole('epochs'),
  maxMinutes: positive.nullable().default(null).describe(about('maxMinutes')),
  batch: whole('batch'),
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
  teacher: z.string().nullable().default(null).describe(about('teacher')),
  teacherWeights: z.string().nullable().default(null).describe(about('teacherWeights')),
  hints: z
    .record(z.string(), z.string())
    .default({})
    .describe(
      'layers whose maps learn to tell a layer of the teacher, of an ONNX file a tensor, by the gain `hint`, beside the outputs',
    ),
  freeze: z.array(z.string()).default([]).describe(about('freeze')),
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
  valShare: z.number().gt(0).lt(1).nullable().default(null).describe(about('valShare')),
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
  patience: whole('patience'),
  checkpointMinutes: positive.default(5).describe('between checkpoints; each epoch ends with one too'),
  engine: z.enum(ENGINES).default(SETTING_OPTIONS.engine.default).describe(about('engine')),
  tune: z.boolean().default(false).describe('first measure which form of each gradient is fastest here'),
  threads: count.max(1024).nullable().default(null).describe(about('threads')),
  workers: whole('workers'),
  cache: z.enum(CACHES).default(SETTING_OPTIONS.cache.default).describe(about('cache')),
});

/** All settings of a run, defaults filled in. */
export type TrainingSettings = Readonly<z.infer<typeof trainingSettingsSchema>>;

/** Settings that somebody gives: not all, by section. */
export type PartialTrainingSettings = Readonly<Partial<z.input<typeof trainingSettingsSchema>>>;
