import { averageDecayAt, learningRateShare, momentumAt } from './schedule.ts';
import type { TrainingSettings } from './settings.ts';

export interface StepMoment {
  /** Of the run, 0–1. */
  readonly progress: number;
  /** Steps before this one. */
  readonly step: number;
  /** Updates of the weights before this one. */
  readonly updates: number;
}

/** Whether a step's gradients are the last of an update's. */
export function isUpdate(step: number, accumulate: number): boolean {
  return (step + 1) % accumulate === 0;
}

/** A step's scalars: all that changes with time. */
export function stepScalars(
  { optimizer, schedule, averageDecay, loss, accumulate }: TrainingSettings,
  { progress, step, updates }: StepMoment,
): Readonly<Record<string, number>> {
  const { learningRate, momentum, beta2, epsilon, weightDecay, clipNorm } = optimizer;
  const rate = learningRate * learningRateShare(progress, schedule);
  const current = momentumAt(progress, momentum, schedule);
  // As the graph rounds them: else the correction misses the average it corrects.
  const correction = (beta: number) => 1 - Math.fround(beta) ** (updates + 1);
  return {
    'learningRate.kernels': rate,
    'learningRate.norms': rate,
    'learningRate.biases': rate,
    momentum: current,
    beta1: momentum,
    beta2,
    epsilon,
    correction1: correction(momentum),
    correction2: correction(beta2),
    weightDecay,
    averageDecay: averageDecayAt(updates, averageDecay),
    clipNorm,
    'gain.box': loss.gains.box,
    'gain.objectness': loss.gains.objectness,
    'gain.classes': loss.gains.classes,
    'gain.distill': loss.gains.distill,
    'gain.hint': loss.gains.hint,
    apply: isUpdate(step, accumulate) ? 1 : 0,
    share: 1 / accumulate,
  };
}
