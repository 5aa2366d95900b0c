import * as z from 'zod';
import { ENGINES } from '../../executors/step/names.ts';
import type { OptionRow } from '../../foundation/errors/option-row.ts';
import { CACHES, SETTING_OPTIONS } from '../../options/train.ts';
import { augmentationSchema } from '../augmentation/options.ts';
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

/** Simulated rounding to 8 bits, by layer. */
const quantizationSchema = z.strictObject({
  bits: z.number().int().min(7).max(8).describe('bits of weights'),
  kernels: z.array(z.string()).describe('convolutions whose weights are rounded'),
  maps: z
    .record(z.string(), z.strictObject({ scale: positive, zeroPoint: z.number().int().min(0).max(255) }))
    .describe('scales of the maps that are rounded'),
});

const ROWS: Readonly<Record<keyof typeof SETTING_OPTIONS, OptionRow>> = SETTING_OPTIONS;

/** Description of a setting, for the experiment file. */
function about(name: keyof typeof SETTING_OPTIONS): string {
  const { about: words, choices, otherwise } = ROWS[name];
  const listed = choices ? `${words}: ${choices.join(', ')}` : words;
  return otherwise === undefined ? listed : `${listed} (default: ${otherwise})`;
}

/** Schema of a whole number, from its row in the options table. */
function whole(name: 'seed' | 'epochs' | 'batch' | 'patience' | 'workers') {
  const { range, default: value } = SETTING_OPTIONS[name];
  return z.number().int().min(range[0]).max(range[1]).default(value).describe(about(name));
}

/** All settings of a training run, with their defaults. */
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
  teacher: z.string().nullable().default(null).describe(about('teacher')),
  teacherWeights: z.string().nullable().default(null).describe(about('teacherWeights')),
  hints: z
    .record(z.string(), z.string())
    .default({})
    .describe(
      'layers that imitate a layer of the teacher (in an ONNX file: a tensor), in addition to the outputs; the gain `hint` is their weight',
    ),
  freeze: z.array(z.string()).default([]).describe(about('freeze')),
  constraint: z
    .enum(CONSTRAINTS)
    .default('none')
    .describe(
      'what training preserves in kernels: `zeros` keeps zeros at 0, `equal` also keeps equal weights equal',
    ),
  quantization: quantizationSchema
    .nullable()
    .default(null)
    .describe('rounding to 8 bits that steps simulate; `quantize --finetune` sets it'),
  repeatThreshold: share
    .default(0)
    .describe('classes in a smaller share of the images are rare; each epoch repeats their images (0: none)'),
  labelScores: z
    .enum(['ignore', 'weight'])
    .default('ignore')
    .describe("whether an annotation's `score`, 0–1, is the weight of its object in the loss"),
  trainSplit: z.string().default('train').describe('split to train on'),
  evaluateSplit: z.string().nullable().default('val').describe('split to evaluate on; null: none'),
  valShare: z.number().gt(0).lt(1).nullable().default(null).describe(about('valShare')),
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
  patience: whole('patience'),
  checkpointMinutes: positive
    .default(5)
    .describe('minutes between checkpoints; each epoch also ends with one'),
  engine: z.enum(ENGINES).default(SETTING_OPTIONS.engine.default).describe(about('engine')),
  tune: z
    .boolean()
    .default(false)
    .describe('first measure which form of each gradient is fastest on this machine'),
  threads: count.max(1024).nullable().default(null).describe(about('threads')),
  workers: whole('workers'),
  cache: z.enum(CACHES).default(SETTING_OPTIONS.cache.default).describe(about('cache')),
});

/** All settings of a training run, with defaults filled in. */
export type TrainingSettings = Readonly<z.infer<typeof trainingSettingsSchema>>;

/** Some settings of a training run, by section. Missing ones keep their defaults. */
export type PartialTrainingSettings = Readonly<Partial<z.input<typeof trainingSettingsSchema>>>;
