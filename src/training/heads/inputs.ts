/** Names of the graph's inputs for the targets of a head; see `HeadTargets`. */
export const targetInputs = (head: string) => ({
  positive: `${head}.positive`,
  box: `${head}.box`,
  classId: `${head}.class`,
  weight: `${head}.weight`,
});

/** Names of the graph's inputs for a teacher's predictions on a head; see `teacherTargets`. */
export const teacherInputs = (head: string) => ({
  objectness: `${head}.teacher.objectness`,
  box: `${head}.teacher.box`,
  classes: `${head}.teacher.classes`,
});

/** Name of the graph's input for the teacher's features that a layer should reproduce; see `teacherHints`. */
export const hintInput = (layer: string) => `${layer}.hint`;

/** Name of the graph's input for the scale of a copied layer's features, [1, 1, 1, 1]; see `teacherHints`. */
export const hintScaleInput = (layer: string) => `${layer}.hint.scale`;

/** Name of the input for all true boxes, [N, M, 4]: left, top, right, bottom in pixels; padding is 0. */
export const TRUTHS_INPUT = 'truths';
/** Name of the input for their class indices, [N, M]. */
export const TRUTH_CLASSES_INPUT = 'truths.class';
/** Name of the input for their weights in the loss, [N, M]. */
export const TRUTH_WEIGHTS_INPUT = 'truths.weight';

/** Name of the input for ignored boxes, [N, K, 4], in the same format as the true boxes. */
export const IGNORED_INPUT = 'ignored';

/** Name of the input for a classifier's labels, [N, classes], one-hot. */
export const LABELS_INPUT = 'labels';

/** Names of the scalar inputs for the weights of the loss terms. */
export const GAIN_INPUTS = {
  box: 'gain.box',
  objectness: 'gain.objectness',
  classes: 'gain.classes',
} as const;

/** Name of the scalar input for the weight of the distillation loss. */
export const DISTILL_GAIN_INPUT = 'gain.distill';

/** Name of the scalar input for the weight of the hint loss. */
export const HINT_GAIN_INPUT = 'gain.hint';
