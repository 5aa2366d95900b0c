import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { type Backbone, buildBackbone, builderFor, type InputSize } from '../backbones/stages.ts';
import { classifierHead } from '../heads/classifier.ts';
import type { Network } from '../layers.ts';

/** Options for building a classifier. */
export interface ClassifierOptions {
  /** Number of classes. @default 1000 */
  readonly classes?: number | undefined;
  /** Side of the square input in pixels, or width and height. @default as in the paper */
  readonly size?: InputSize | undefined;
  /** Whether scores are normalized to sum to 1. If false, they are logits. @default true */
  readonly softmax?: boolean | undefined;
  /** Share of features dropped in training, 0 ≤ dropout < 1. @default as in the paper */
  readonly dropout?: number | undefined;
}

/**
 * Builds a classifier from a backbone and the classifier head of its paper.
 * @throws MicroYoloError `invalid-argument` for options that do not make a valid network
 */
export function composeClassifier(
  name: string,
  backbone: Backbone,
  options: ClassifierOptions = {},
): Network {
  const { resolution = 224, classifier = {}, activation } = backbone;
  const { classes = 1000, size = resolution, softmax = true, dropout = classifier.dropout ?? 0 } = options;
  if (!Number.isInteger(classes) || classes < 1) {
    throw new MicroYoloError(
      'invalid-argument',
      `classes ${classes}: expected a whole number of at least 1`,
      { field: 'classes', received: classes },
    );
  }
  if (!(dropout >= 0 && dropout < 1)) {
    throw new MicroYoloError('invalid-argument', `dropout ${dropout}: expected a number from 0 to below 1`, {
      field: 'dropout',
      received: dropout,
    });
  }
  const builder = builderFor(backbone, size);
  const { last } = buildBackbone(builder, backbone);
  classifierHead(builder, last, { activation, ...classifier, classes, softmax, dropout });
  return builder.build(name);
}
