import * as z from 'zod';

const share = z.number().min(0).max(1);

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

/** The section `loss` of an experiment. */
export const lossSchema = z.strictObject({
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
  hintForm: z
    .enum(['projected', 'copied'])
    .default('projected')
    .describe(
      'how layers imitate `hints`: through a 1×1 convolution that is dropped afterwards (projected), or directly (copied)',
    ),
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
