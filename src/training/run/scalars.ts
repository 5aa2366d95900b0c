import { averageDecayAt, learningRateShare, momentumAt } from './schedule.ts';
import type { TrainingSettings } from './settings.ts';

export interface StepMoment {
  /** Progress of the run, 0–1. */
  readonly progress: number;
  /** Number of steps before this one. */
  readonly step: number;
  /** Number of weight updates before this one. */
  readonly updates: number;
}

/** Whether a step is the last one of an update, and therefore changes the weights. */
export function isUpdate(step: number, accumulate: number): boolean {
  return (step + 1) % accumulate === 0;
}

/** Scalars of a step. */
export function stepScalars(
  { optimizer, schedule, averageDecay, loss, accumulate }: TrainingSettings,
  { progress, step, updates }: StepMoment,
): Readonly<Record<string, number>> {
  const { learningRate, momentum, beta2, epsilon, weightDecay, clipNorm } = optimizer;
  const rate = learningRate * learningRateShare(progress, schedule);
  const current = momentumAt(progress, momentum, schedule);
  // Rounded to float32, as in the graph, so that the correction matches the average.
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
