import { z } from 'zod';

const costSchema = {
  parameters: z.number(),
  macs: z.number(),
  /** Milliseconds predicted by the table of measured times. */
  ms: z.number(),
  /** 0–1, on the split to evaluate on. */
  AP50: z.number(),
};

export const PASSES = ['coarse', 'fine'] as const;
export const ENDS = ['tuned', 'scratch'] as const;

/** A line of the journal. */
export const pruneLineSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('start'), ...costSchema }),
  z.strictObject({
    type: z.literal('trial'),
    /** Epoch, from 1. */
    trial: z.number().int(),
    pass: z.enum([...PASSES, 'netadapt']),
    /** Of NetAdapt, from 1. */
    round: z.number().int().optional(),
    /** The group of channels, by the first layer that makes them. */
    group: z.string(),
    from: z.number().int(),
    to: z.number().int(),
    accepted: z.boolean(),
    /** Of the model tried, in the output folder; null if it was not accepted. */
    model: z.string().nullable(),
    ...costSchema,
  }),
  /** What a round of NetAdapt keeps. */
  z.strictObject({
    type: z.literal('round'),
    round: z.number().int(),
    group: z.string(),
    model: z.string(),
    ...costSchema,
  }),
  z.strictObject({ type: z.literal('end'), end: z.enum(ENDS), model: z.string(), ...costSchema }),
  z.strictObject({ type: z.literal('done'), end: z.enum(ENDS), model: z.string(), ...costSchema }),
]);

/** A line of the journal of a pruning: its start, a trial, a round or an end, with what the model costs and finds. */
export type PruneLine = z.infer<typeof pruneLineSchema>;
export type PruneTrial = Extract<PruneLine, { readonly type: 'trial' }>;
/** What a model costs and finds. */
export type Figures = Pick<PruneTrial, 'parameters' | 'macs' | 'ms' | 'AP50'>;

/** How what is left is trained at the end. */
export type End = (typeof ENDS)[number];
