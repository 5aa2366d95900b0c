import { readFileSync } from 'node:fs';
import type { BoxLoss } from '../../../src/training/heads/box-overlap.ts';
import type { ScoreForm } from '../../../src/training/losses/score-loss.ts';

type Box = readonly [x: number, y: number, width: number, height: number];

interface Curve {
  /** One per logit. */
  readonly values: readonly number[];
  readonly gradients: readonly number[];
}

/** PyTorch's results in float64: see scripts/goldens/training_step.py. */
export interface LossGoldens {
  readonly boxes: readonly {
    readonly title: string;
    readonly predicted: Box;
    readonly truth: Box;
    /** The gradient is with respect to the predicted box. */
    readonly losses: Readonly<Record<BoxLoss, { readonly value: number; readonly gradient: Box }>>;
  }[];
  readonly logits: readonly number[];
  readonly entropies: readonly (Curve & { readonly target: number })[];
  readonly focal: readonly (Curve & { readonly gamma: number; readonly target: number })[];
  readonly forms: readonly (Curve & { readonly form: ScoreForm; readonly target: number })[];
}

export const goldens: LossGoldens = JSON.parse(
  readFileSync(new URL('fixtures/losses.json', import.meta.url), 'utf8'),
);
