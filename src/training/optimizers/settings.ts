import * as z from 'zod';
import { SETTING_OPTIONS } from '../../options/train.ts';
import { OPTIMIZER_NAMES, OPTIMIZERS } from './registry.ts';

const decay = z.number().min(0).lt(1);
const positive = z.number().positive();

/** The section `optimizer` of an experiment. */
export const optimizerSchema = z.strictObject({
  kind: z
    .enum(OPTIMIZER_NAMES)
    .default('adamW')
    .describe(OPTIMIZER_NAMES.map((name) => OPTIMIZERS[name].about).join(', or ')),
  learningRate: positive
    .default(SETTING_OPTIONS.learningRate.default)
    .describe(SETTING_OPTIONS.learningRate.about),
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
