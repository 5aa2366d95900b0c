import { z } from 'zod';
import { moveSchema } from './moves.ts';

/** Precision of a search's files: float, or 8 bits if that is faster. */
export const PRECISIONS = ['float32', 'int8'] as const;
export type Precision = (typeof PRECISIONS)[number];

/** Why a search ended. */
export const STOPS = ['target', 'limit', 'smallest', 'minutes'] as const;

const figures = {
  parameters: z.number(),
  macs: z.number(),
  /** Size of the file. */
  bytes: z.number(),
  /** COCO's AP on the evaluation split, 0–1. */
  AP: z.number(),
  /** COCO's AP50 on the evaluation split, 0–1. */
  AP50: z.number(),
};

/** Seconds of work since the search began, without pauses. */
const seconds = z.number();

const file = {
  ...figures,
  /** Time of the network for one image, in milliseconds: the first network's time divided by `speedup`. */
  ms: z.number(),
  /** Speed relative to the first network, both measured in alternation. */
  speedup: z.number(),
};

/** A line of the journal. */
export const optimizeLineSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('start'),
    ...figures,
    ms: z.number(),
    /** Precision of the files. */
    precision: z.enum(PRECISIONS),
    /** Predicted milliseconds in this precision. */
    predicted: z.number(),
    /** Kernels that do not get faster if they are cropped or decomposed. They are not changed. */
    idle: z.array(z.string()),
    seconds,
  }),
  /** Moves, followed by a short training. */
  z.strictObject({
    type: z.literal('step'),
    /** From 1. */
    step: z.number().int(),
    moves: z.array(moveSchema),
    accepted: z.boolean(),
    /** The float model, in the output folder. null if it was rejected. */
    model: z.string().nullable(),
    ...figures,
    predicted: z.number(),
    seconds,
  }),
  /** A file that can become the result. */
  z.strictObject({
    type: z.literal('file'),
    /** In the output folder. */
    model: z.string(),
    /** The step that produced its model, or 0 for the first model. */
    step: z.number().int(),
    /** Whether it was written after the longer training. */
    tuned: z.boolean(),
    precision: z.enum(PRECISIONS),
    ...file,
    /** Whether AP50 is within the tolerance. */
    within: z.boolean(),
    seconds,
  }),
  /** The search has ended. A longer training follows. */
  z.strictObject({ type: z.literal('stop'), why: z.enum(STOPS), seconds }),
  /** More time was given after the search ended for lack of time. It goes on. */
  z.strictObject({ type: z.literal('extended'), seconds }),
  z.strictObject({ type: z.literal('tuned'), model: z.string(), ...figures, seconds }),
  /** The search was interrupted here. */
  z.strictObject({ type: z.literal('pause'), seconds }),
  z.strictObject({
    type: z.literal('done'),
    /** The best file, in the output folder. */
    model: z.string(),
    /** The same network in float, for further training. */
    float: z.string(),
    /** The file from which it was copied. */
    copied: z.string(),
    /** Whether the target time was reached. true without a target. */
    reached: z.boolean(),
    why: z.enum(STOPS),
    precision: z.enum(PRECISIONS),
    ...file,
    seconds,
  }),
]);

/** A line of the journal of `optimizeDetector`: its start, a step, a file, or the end, with costs and precision. */
export type OptimizeLine = z.infer<typeof optimizeLineSchema>;
/** The last line of a journal of `optimizeDetector`: the best file. */
export type OptimizeOutcome = Extract<OptimizeLine, { readonly type: 'done' }>;
export type StartLine = Extract<OptimizeLine, { readonly type: 'start' }>;
export type StepLine = Extract<OptimizeLine, { readonly type: 'step' }>;
export type FileLine = Extract<OptimizeLine, { readonly type: 'file' }>;
export type Stop = (typeof STOPS)[number];

/** Size and accuracy of a file. */
export type FileFigures = Pick<FileLine, 'bytes' | 'AP' | 'AP50'>;
