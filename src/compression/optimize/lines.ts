import { z } from 'zod';
import { moveSchema } from './moves.ts';

/** What the files of a search compute in: float, or 8 bits where that pays. */
export const PRECISIONS = ['float32', 'int8'] as const;
export type Precision = (typeof PRECISIONS)[number];

/** Why a search went no further. */
export const STOPS = ['target', 'limit', 'smallest', 'minutes'] as const;

const figures = {
  parameters: z.number(),
  macs: z.number(),
  /** Of the file. */
  bytes: z.number(),
  /** COCO's AP on the split to evaluate on, 0–1. */
  AP: z.number(),
  /** The same at an IoU of 0.5, 0–1. */
  AP50: z.number(),
};

/** Seconds of work since the search began, breaks left out. */
const seconds = z.number();

const file = {
  ...figures,
  /** Milliseconds of the network on one image: those of the first network over `speedup`. */
  ms: z.number(),
  /** How many times as fast as the first network, both measured in turns. */
  speedup: z.number(),
};

/** A line of the journal. */
export const optimizeLineSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('start'),
    ...figures,
    ms: z.number(),
    /** What files compute in. */
    precision: z.enum(PRECISIONS),
    /** Milliseconds in that precision by the table of measured times. */
    predicted: z.number(),
    /** Kernels that take no less time if they are cropped or in factors: they are left alone. */
    idle: z.array(z.string()),
    seconds,
  }),
  /** Moves, and a short training. */
  z.strictObject({
    type: z.literal('step'),
    /** From 1. */
    step: z.number().int(),
    moves: z.array(moveSchema),
    accepted: z.boolean(),
    /** The model in float, in the output folder; null if it was not accepted. */
    model: z.string().nullable(),
    ...figures,
    predicted: z.number(),
    seconds,
  }),
  /** A file to choose from. */
  z.strictObject({
    type: z.literal('file'),
    /** In the output folder. */
    model: z.string(),
    /** The step whose model it is made of; 0 of the first model. */
    step: z.number().int(),
    /** Whether the longer training came before it. */
    tuned: z.boolean(),
    precision: z.enum(PRECISIONS),
    ...file,
    /** Whether AP50 is within the tolerance. */
    within: z.boolean(),
    seconds,
  }),
  /** The walk is over: a longer training follows. */
  z.strictObject({ type: z.literal('stop'), why: z.enum(STOPS), seconds }),
  z.strictObject({ type: z.literal('tuned'), model: z.string(), ...figures, seconds }),
  /** The search was interrupted here. */
  z.strictObject({ type: z.literal('pause'), seconds }),
  z.strictObject({
    type: z.literal('done'),
    /** The best file of all, in the output folder. */
    model: z.string(),
    /** The same network in float, to be trained. */
    float: z.string(),
    /** The file that it is a copy of. */
    copied: z.string(),
    /** Whether the milliseconds asked for were reached; true if none were. */
    reached: z.boolean(),
    why: z.enum(STOPS),
    precision: z.enum(PRECISIONS),
    ...file,
    seconds,
  }),
]);

/** A line of the journal of `optimizeDetector`: its start, a step, a file, or the end, with cost and precision. */
export type OptimizeLine = z.infer<typeof optimizeLineSchema>;
/** The last line of a journal of `optimizeDetector`: the best file. */
export type OptimizeOutcome = Extract<OptimizeLine, { readonly type: 'done' }>;
export type StartLine = Extract<OptimizeLine, { readonly type: 'start' }>;
export type StepLine = Extract<OptimizeLine, { readonly type: 'step' }>;
export type FileLine = Extract<OptimizeLine, { readonly type: 'file' }>;
export type Stop = (typeof STOPS)[number];

/** Size and precision of a file. */
export type FileFigures = Pick<FileLine, 'bytes' | 'AP' | 'AP50'>;
