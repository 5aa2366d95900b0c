import { checkRange } from '../../foundation/errors/check-range.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { InputRecipe } from '../../image/recipe/recipe.ts';
import { UNIT_LETTERBOX } from '../families/recipes.ts';
import type { CustomDecoder, Decode } from './decoder.ts';

/** A user-defined decoder for graphs of an unknown family. */
export interface DecoderDefinition {
  /** Name for messages and reports. */
  readonly name: string;
  /**
   * How a photo becomes the graph's input. Missing fields are as in YOLOv5: RGB from 0 to 1, centered letterbox with
   * gray 114.
   */
  readonly recipe?: Partial<InputRecipe>;
  /** Class names, in the order of the class numbers passed to `add`. @default those in the file, or COCO's 80 */
  readonly classes?: readonly string[];
  /**
   * If two boxes of a class overlap by more than this IoU, 0–1, the worse one is dropped. 1 if the graph suppresses
   * boxes itself.
   * @default 0.45
   */
  readonly iouThreshold?: number;
  /** Scores above this count in an evaluation, 0–1. @default 0.001 */
  readonly evaluationThreshold?: number;
  /**
   * Whether a box counts once for each class above the threshold, instead of only for its best one.
   * @default false
   */
  readonly multiLabel?: boolean;
  /**
   * Decodes the outputs for one image. Call `add(left, top, right, bottom, score, classId)` for each box, in pixels of
   * the input, with its score (0–1) and the index of its class. Boxes are suppressed afterwards.
   */
  readonly decode: Decode;
}

/**
 * Defines how to decode a detector that is not recognized. Pass the result as `decoder` to `loadDetector`.
 * @throws MicroYoloError `invalid-argument` for a threshold outside 0–1, or if `decode` is not a function
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
