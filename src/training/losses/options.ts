import { counted } from '../../foundation/counted.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { YoloLayer } from '../../network/layers.ts';
import type { GraphAssignerName } from '../assigners/dynamic/assign.ts';
import type { BoxLoss } from '../heads/box-overlap.ts';
import type { ScoreForm } from './score-loss.ts';

/** Options of the loss for a score. */
export interface ScoreOptions {
  /** Form of the loss. @default 'bce' */
  readonly form?: ScoreForm | undefined;
  /**
   * Target of an assigned prediction. `hard`: 1. `overlap`: its IoU with the object; for `task-aligned`, its share
   * of the best IoU.
   * @default 'hard'
   */
  readonly target?: 'hard' | 'overlap' | undefined;
}

/** Options of a detector's loss. */
export interface DetectionLossOptions {
  /**
   * How anchor cells are assigned to objects: `dense` by the loader, from boxes alone; others by the graph, from the
   * network's predictions.
   * @default 'dense'
   */
  readonly assigner?: 'dense' | GraphAssignerName | undefined;
  /** Loss of boxes. @default 'ciou' */
  readonly box?: BoxLoss | undefined;
  /**
   * Predictions with a higher IoU with any object are not trained as background, as in YOLOv3. 1 turns this off.
   * 0–1.
   * @default 0.7
   */
  readonly ignoreThreshold?: number | undefined;
  /** Options of the loss for objectness. */
  readonly objectness?: ScoreOptions | undefined;
  /** Options of the loss for classes. */
  readonly classes?: ScoreOptions | undefined;
  /** Moves class targets from 0 and 1 to half of this, and to 1 minus half of this. 0–1. @default 0 */
  readonly labelSmoothing?: number | undefined;
  /** Weight of each head's objectness, in the order of the network's outputs. @default 1 each */
  readonly scaleBalance?: readonly number[] | undefined;
  /** Weight of an object's class loss, by its class; see `classWeights`. @default 1 each */
  readonly classWeights?: readonly number[] | undefined;
}

function checkWeights(
  name: string,
  weights: readonly number[] | undefined,
  count: number,
  what: string,
): void {
  if (!weights) return;
  if (weights.length !== count || !weights.every((weight) => weight >= 0 && weight < Infinity)) {
    const given = `${name} [${weights.join(', ')}]`;
    throw new MicroYoloError(
      'invalid-argument',
      `${given}: expected ${counted(count, 'number')} ≥ 0, one per ${what}`,
    );
  }
}

/** @throws MicroYoloError `invalid-argument` if options do not fit these heads */
export function checkLossOptions(options: DetectionLossOptions, heads: readonly YoloLayer[]): void {
  const { labelSmoothing = 0, scaleBalance, classes } = options;
  checkClassOptions(options, heads[0]?.classes ?? 0);
  if (labelSmoothing > 0 && classes?.form === 'varifocal') {
    throw new MicroYoloError(
      'invalid-argument',
      `labelSmoothing ${labelSmoothing} with classes of the form 'varifocal', which treats every target above 0 as an object; choose 'bce', 'focal' or 'quality'`,
    );
  }
  checkWeights('scaleBalance', scaleBalance, heads.length, 'head');
}

/**
 * Checks the options that detectors and classifiers share.
 * @throws MicroYoloError `invalid-argument`
 */
export function checkClassOptions(
  { labelSmoothing = 0, classWeights }: Pick<DetectionLossOptions, 'labelSmoothing' | 'classWeights'>,
  classes: number,
): void {
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new MicroYoloError('invalid-argument', `labelSmoothing ${labelSmoothing}: expected 0 to 1`, {
      field: 'labelSmoothing',
      received: labelSmoothing,
    });
  }
  checkWeights('classWeights', classWeights, classes, 'class');
}
