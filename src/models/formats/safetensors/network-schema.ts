import * as z from 'zod';
import type { ActivationFunction, Layer, Network } from '../../../network/layers.ts';

/**
 * The network's JSON form: the same objects as in network/layers.ts. Every field is checked, and unknown fields are
 * rejected.
 */

const positive = z.number().int().min(1).max(1_000_000);
const natural = z.number().int().min(0).max(1_000_000);
const base = { name: z.string().min(1).max(200), inputs: z.array(z.string()).min(1).max(1000) };
const padding = z.tuple([natural, natural, natural, natural]);
const window = { stride: positive, padding };
const anchors = z
  .array(z.tuple([z.number().positive(), z.number().positive()]))
  .min(1)
  .max(100);

const layerSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('conv'),
    ...base,
    kernel: z.union([positive, z.tuple([positive, positive])]),
    ...window,
    outChannels: positive,
    groups: positive,
    bias: z.boolean(),
  }),
  z.strictObject({
    type: z.literal('batchNorm'),
    ...base,
    epsilon: z.number().positive(),
    momentum: z.number().min(0).max(1),
  }),
  z.strictObject({
    type: z.literal('activation'),
    ...base,
    function: z.enum([
      'relu',
      'relu6',
      'leakyRelu',
      'silu',
      'mish',
      'sigmoid',
      'hardSigmoid',
      'hardSwish',
      'tanh',
      'hardTanh',
      'elu',
      'selu',
      'gelu',
    ]),
    slope: z.number().min(0).max(1).exactOptional(),
  }),
  z.strictObject({ type: z.enum(['maxPool', 'avgPool']), ...base, kernel: positive, ...window }),
  z.strictObject({ type: z.literal('globalAvgPool'), ...base }),
  z.strictObject({ type: z.literal('upsample'), ...base, factor: positive }),
  z.strictObject({ type: z.literal('concat'), ...base }),
  z.strictObject({ type: z.literal('slice'), ...base, start: natural, end: positive }),
  z.strictObject({ type: z.literal('shuffle'), ...base, groups: positive }),
  z.strictObject({ type: z.literal('add'), ...base }),
  z.strictObject({ type: z.literal('multiply'), ...base }),
  z.strictObject({ type: z.literal('dense'), ...base, outFeatures: positive, bias: z.boolean() }),
  z.strictObject({ type: z.literal('dropout'), ...base, rate: z.number().min(0).lt(1) }),
  z.strictObject({
    type: z.literal('yolo'),
    ...base,
    anchors,
    classes: positive,
    scaleXY: z.number().positive(),
    center: z.enum(['sigmoid', 'linear']).optional(),
  }),
  z.strictObject({ type: z.literal('region'), ...base, anchors, classes: positive, softmax: z.boolean() }),
  z.strictObject({ type: z.literal('classes'), ...base, classes: positive, softmax: z.boolean() }),
]) satisfies z.ZodType<Layer>;

/** This compiles only if the schema covers every layer and every activation. */
type Known = z.infer<typeof layerSchema>;
type Missing =
  | Exclude<Layer['type'], Known['type']>
  | Exclude<ActivationFunction, Extract<Known, { type: 'activation' }>['function']>;
null as unknown as Missing satisfies never;

export const networkSchema: z.ZodType<Network> = z.strictObject({
  name: z.string().min(1).max(200),
  input: z.tuple([positive, positive, positive]),
  layers: z.array(layerSchema).min(1).max(10_000),
});
