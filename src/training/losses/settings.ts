import * as z from 'zod';

const share = z.number().min(0).max(1);

const scoreSchema = z.strictObject({
  form: z
    .enum(['bce', 'focal', 'quality', 'varifocal'])
    .default('bce')
    .describe('binary cross-entropy, or a form that weighs easy examples less'),
  target: z.enum(['hard', 'overlap']).default('hard').describe('1, or how well the box overlaps its object'),
});

const gain = (value: number) => z.number().min(0).default(value);

/** The section `loss` of an experiment. */
export const lossSchema = z.strictObject({
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
