import { z } from 'zod';

const costSchema = {
  parameters: z.number(),
  macs: z.number(),
  /** Milliseconds predicted from the table of measured times. */
  ms: z.number(),
  /** AP50 on the evaluation split, 0–1. */
  AP50: z.number(),
};

export const PASSES = ['coarse', 'fine'] as const;
export const ENDS = ['tuned', 'scratch'] as const;

/** A line of the journal. */
export const pruneLineSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('start'), ...costSchema }),
  z.strictObject({
    type: z.literal('trial'),
    /** Number of the trial, from 1. */
    trial: z.number().int(),
    pass: z.enum([...PASSES, 'netadapt']),
    /** Round of NetAdapt, from 1. */
    round: z.number().int().optional(),
    /** Name of the group of channels. */
    group: z.string(),
    from: z.number().int(),
    to: z.number().int(),
    accepted: z.boolean(),
    /** The trial's model, in the output folder. null if it was rejected. In NetAdapt, it exists until its round ends. */
    model: z.string().nullable(),
    ...costSchema,
  }),
  /** Result of a round of NetAdapt. */
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

/** A line of the journal of pruning: its start, a trial, a round or an end, with the model's costs and AP50. */
export type PruneLine = z.infer<typeof pruneLineSchema>;
export type PruneTrial = Extract<PruneLine, { readonly type: 'trial' }>;
/** A model's costs and AP50. */
export type Figures = Pick<PruneTrial, 'parameters' | 'macs' | 'ms' | 'AP50'>;

/** How the pruned model is trained at the end. */
export type End = (typeof ENDS)[number];
