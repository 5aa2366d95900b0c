import * as z from 'zod';

/** Scalars as pure functions of a run's progress, so that a resumed run continues unchanged. */

const share = z.number().min(0).max(1);

/** The section `schedule` of an experiment. */
export const scheduleSchema = z.strictObject({
  decay: z
    .enum(['cosine', 'one-cycle', 'step', 'linear', 'constant'])
    .default('cosine')
    .describe('curve of the learning rate'),
  warmup: share.default(0.03).describe('share of the run in which the learning rate rises'),
  final: share.default(0.02).describe('learning rate at the end, as a share of its peak'),
  steps: z
    .array(share)
    .default([0.8, 0.9])
    .describe('points at which `step` reduces the learning rate, as shares of the run'),
  factor: share.default(0.1).describe('factor of each reduction'),
});

/** Options of the learning rate schedule. */
export type ScheduleOptions = Readonly<Omit<z.infer<typeof scheduleSchema>, 'steps'>> & {
  readonly steps: readonly number[];
};

/** Share of the run in which `one-cycle` raises the learning rate (https://arxiv.org/abs/1708.07120). */
const ONE_CYCLE_RISE = 0.3;

/** Share of the run in which the learning rate rises. */
const warmupOf = ({ decay, warmup }: ScheduleOptions) =>
  decay === 'one-cycle' ? Math.max(warmup, ONE_CYCLE_RISE) : warmup;

const cosine = (from: number, to: number, share: number) =>
  to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2;

/**
 * Learning rate as a share of its peak.
 * @param progress progress of the run, 0–1
 */
export function learningRateShare(progress: number, options: ScheduleOptions): number {
  const { decay, final, steps, factor } = options;
  const warmup = warmupOf(options);
  if (progress < warmup) {
    const share = progress / warmup;
    return decay === 'one-cycle' ? cosine(0.04, 1, share) : share;
  }
  const rest = warmup < 1 ? Math.min(1, (progress - warmup) / (1 - warmup)) : 1;
  switch (decay) {
    case 'cosine':
    case 'one-cycle':
      return cosine(1, final, rest);
    case 'linear':
      return 1 + (final - 1) * rest;
    case 'step':
      return factor ** steps.filter((step) => progress >= step).length;
    case 'constant':
      return 1;
  }
}

/** Momentum at the start. It rises during warmup, because early gradients are erratic. */
const WARMUP_MOMENTUM = 0.8;

/** @param progress progress of the run, 0–1 */
export function momentumAt(progress: number, momentum: number, options: ScheduleOptions): number {
  const warmup = warmupOf(options);
  if (progress >= warmup || momentum <= WARMUP_MOMENTUM) return momentum;
  return WARMUP_MOMENTUM + ((momentum - WARMUP_MOMENTUM) * progress) / warmup;
}

/**
 * Decay of the weights' moving average. It ramps up, so that the average soon forgets the initial weights.
 * @param updates number of weight updates before this one
 */
export function averageDecayAt(updates: number, decay: number): number {
  return Math.min(decay, (1 + updates) / (10 + updates));
}
