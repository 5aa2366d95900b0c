/** Names of the graph's inputs that hold what a head shall say; see `HeadTargets`. */
export const targetInputs = (head: string) => ({
  positive: `${head}.positive`,
  box: `${head}.box`,
  classId: `${head}.class`,
  weight: `${head}.weight`,
});

/** Names of the graph's inputs that hold what a teacher says on a head; see `teacherTargets`. */
export const teacherInputs = (head: string) => ({
  objectness: `${head}.teacher.objectness`,
  box: `${head}.teacher.box`,
  classes: `${head}.teacher.classes`,
});

/** Name of the graph's input that a layer's features are trained to tell; see `teacherHints`. */
export const hintInput = (layer: string) => `${layer}.hint`;

/** Name of the graph's input that a copied layer's features are multiplied by, [1, 1, 1, 1]; see `teacherHints`. */
export const hintScaleInput = (layer: string) => `${layer}.hint.scale`;

/** Name of the input of all true boxes, [N, M, 4]: left, top, right, bottom in pixels; unused ones all 0. */
export const TRUTHS_INPUT = 'truths';
/** Name of the input of their classes, [N, M]: indices. */
export const TRUTH_CLASSES_INPUT = 'truths.class';
/** Name of the input of their weights in the loss, [N, M]. */
export const TRUTH_WEIGHTS_INPUT = 'truths.weight';

/** Name of the input of ignored boxes, [N, K, 4] as the true ones. */
export const IGNORED_INPUT = 'ignored';

/** Name of the input of a classifier's labels, [N, classes]: 1 for an image's own class, else 0. */
export const LABELS_INPUT = 'labels';

/** Names of the scalars that weigh the parts of the loss. */
export const GAIN_INPUTS = {
  box: 'gain.box',
  objectness: 'gain.objectness',
  classes: 'gain.classes',
} as const;

/** Name of the scalar that weighs what a teacher says. */
export const DISTILL_GAIN_INPUT = 'gain.distill';

/** Name of the scalar that weighs a teacher's hints. */
export const HINT_GAIN_INPUT = 'gain.hint';
