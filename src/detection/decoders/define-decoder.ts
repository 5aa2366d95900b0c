import { checkRange } from '../../foundation/errors/check-range.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { InputRecipe } from '../../image/recipe.ts';
import { UNIT_LETTERBOX } from '../families/recipes.ts';
import type { CustomDecoder, Decode } from './decoder.ts';

/** A decoder for graphs of a family that is not known here, as a user writes it. */
export interface DecoderDefinition {
  /** In messages and reports. */
  readonly name: string;
  /**
   * How a photo becomes the graph's input. What is left out is as in YOLOv5 and its kin: RGB from 0 to 1, letterboxed
   * in the middle on gray 114.
   */
  readonly recipe?: Partial<InputRecipe>;
  /** Names of the classes, in the order of the numbers that `add` gets. @default those in the file, or COCO's 80 */
  readonly classes?: readonly string[];
  /** Of two boxes of a class that overlap by more (IoU, 0–1), the worse goes; 1 if the graph suppresses. @default 0.45 */
  readonly iouThreshold?: number;
  /** Scores that count in an evaluation, 0–1. @default 0.001 */
  readonly evaluationThreshold?: number;
  /** Whether a box counts once for each class above the threshold, not for its best only. @default false */
  readonly multiLabel?: boolean;
  /**
   * Reads the outputs for one image. `add(left, top, right, bottom, score, classId)` takes a box in pixels of the
   * input, its score (0–1) and the place of its class among the names. Suppression comes after it.
   */
  readonly decode: Decode;
}

/**
 * Defines how to read a detector that is not recognized: pass the result as `decoder` to `loadDetector`.
 * @throws MicroYoloError `invalid-argument` for a threshold outside 0–1, or if there is no function `decode`
 */
export function defineDecoder(definition: DecoderDefinition): CustomDecoder {
  const {
    name,
    recipe,
    classes,
    iouThreshold = 0.45,
    evaluationThreshold = 0.001,
    multiLabel = false,
    decode,
  } = definition;
  if (typeof decode !== 'function') {
    throw new MicroYoloError('invalid-argument', `decode of ${name}: ${typeof decode}, expected a function`);
  }
  checkRange('iouThreshold', iouThreshold, 0, 1);
  checkRange('evaluationThreshold', evaluationThreshold, 0, 1);
  return {
    name,
    recipe: { ...UNIT_LETTERBOX, ...recipe },
    ...(classes ? { classes } : {}),
    ...{ iouThreshold, evaluationThreshold, multiLabel, decode },
  };
}
