import type { Size } from '../../boxes/formats.ts';
import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/operations.ts';
import type { YoloLayer } from '../../network/layers.ts';
import { assignInGraph } from '../assigners/dynamic/assign.ts';
import { decodeLogits } from '../heads/decoded-head.ts';
import {
  DISTILL_GAIN_INPUT,
  GAIN_INPUTS,
  IGNORED_INPUT,
  TRUTH_CLASSES_INPUT,
  TRUTH_WEIGHTS_INPUT,
  TRUTHS_INPUT,
} from '../heads/inputs.ts';
import { denseTargetValues } from '../heads/target-values.ts';
import { distillationLoss } from './distillation.ts';
import { headLoss } from './head-loss.ts';
import { checkLossOptions, type DetectionLossOptions } from './options.ts';

export { GAIN_INPUTS, TRUTHS_INPUT, targetInputs } from '../heads/inputs.ts';
export type { DetectionLossOptions } from './options.ts';

/** Number of boxes per image that a step has room for, and whether they have weights. */
export interface BoxRoom {
  /** Maximum number of objects per image. */
  readonly truths: number;
  /** Maximum number of ignored boxes per image. @default 0 */
  readonly ignored?: number | undefined;
  /** Whether each object has a weight. @default false */
  readonly isWeighted?: boolean | undefined;
}

export interface LossParts {
  /** Box loss, weighted by its gain, one element. The same holds for the other terms. */
  readonly box: Value;
  readonly objectness: Value;
  readonly classes: Value;
  /** Distillation loss. Only with a teacher. */
  readonly distill?: Value;
  /** Number of anchor cells in the batch with an assigned truth, at least 1. */
  readonly positives: Value;
  /** Number of truths in the batch. Only if the graph assigns. */
  readonly truthCount?: Value;
  /** Number of truths in the batch with an anchor cell. Only if the graph assigns. */
  readonly assigned?: Value;
}

/**
 * YOLOv3's loss (https://arxiv.org/abs/1804.02767), with an overlap loss for boxes. Objectness loss covers all anchor
 * cells that are not ignored. Class loss covers those with an assigned truth. Both use binary cross-entropy by default.
 * Each term is summed over the batch and divided by the number of assigned cells.
 * @param heads yolo layers with their logits [N, anchors · (5 + classes), rows, columns]
 * @param room number of boxes per image in the inputs `truths` and `ignored`; without ignored boxes, there is no such
 *     input
 * @param scalar returns the input with shape [] of a name
 * @param distill whether to add the distance to a teacher, whose predictions are inputs of the graph
 * @throws MicroYoloError `invalid-argument` if options do not fit these heads
 */
export function detectionLoss(
  graph: GraphBuilder,
  heads: readonly { readonly layer: YoloLayer; readonly logits: Value }[],
  input: Size,
  { truths, ignored = 0, isWeighted = false }: BoxRoom,
  scalar: (name: string) => Value,
  options: DetectionLossOptions = {},
  distill = false,
): LossParts {
  checkLossOptions(
    options,
    heads.map(({ layer }) => layer),
  );
  const { assigner = 'dense', box = 'ciou', ignoreThreshold = 0.7, scaleBalance } = options;
  const batch = heads[0]!.logits.shape[0] as number;
  const multiply = (a: Value, b: Value) => graph.binary('multiply', a, b);
  const sum = (values: readonly Value[]) =>
    values.reduce((total, value) => graph.binary('add', total, value));
  const isNeeded = ignoreThreshold < 1 || assigner !== 'dense';
  const trueBoxes = isNeeded ? graph.input(TRUTHS_INPUT, [batch, truths, 4]) : undefined;
  const ignoredBoxes = ignored > 0 ? graph.input(IGNORED_INPUT, [batch, ignored, 4]) : undefined;

  const decoded = heads.map(({ layer, logits }) => decodeLogits(graph, layer, logits, input));
  const assignment =
    assigner === 'dense'
      ? undefined
      : assignInGraph(
          graph,
          assigner,
          decoded,
          input,
          trueBoxes!,
          graph.input(TRUTH_CLASSES_INPUT, [batch, truths]),
          isWeighted ? graph.input(TRUTH_WEIGHTS_INPUT, [batch, truths]) : undefined,
        );
  const parts = decoded.map((head, index) => {
    const targets = assignment?.targets[index] ?? denseTargetValues(graph, head, isWeighted);
    const loss = headLoss(graph, head, targets, trueBoxes, ignoredBoxes, options);
    const balance = scaleBalance?.[index] ?? 1;
    return balance === 1 ? loss : { ...loss, objectness: graph.linear(loss.objectness, balance) };
  });

  const positives = graph.binary('maximum', sum(parts.map((part) => part.positives)), graph.constant(1));
  const weighted = (part: keyof typeof GAIN_INPUTS) => {
    const total = graph.binary('divide', sum(parts.map((head) => head[part])), positives);
    return multiply(total, scalar(GAIN_INPUTS[part]));
  };
  return {
    box: weighted('box'),
    objectness: weighted('objectness'),
    classes: weighted('classes'),
    ...(distill
      ? { distill: multiply(distillationLoss(graph, decoded, box), scalar(DISTILL_GAIN_INPUT)) }
      : {}),
    positives,
    ...(assignment ? { truthCount: assignment.truthCount, assigned: assignment.assigned } : {}),
  };
}
