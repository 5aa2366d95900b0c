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

/** Boxes an image that a step has room for, and what it takes of them. */
export interface BoxRoom {
  /** Objects of an image that a step has room for. */
  readonly truths: number;
  /** Ignored ones. @default 0 */
  readonly ignored?: number | undefined;
  /** Whether each true one has a weight. @default false */
  readonly isWeighted?: boolean | undefined;
}

export interface LossParts {
  /** Each one element, already weighted by its gain. */
  readonly box: Value;
  readonly objectness: Value;
  readonly classes: Value;
  /** Only with a teacher. */
  readonly distill?: Value;
  /** Anchor cells that a truth is assigned to, in the whole batch, at least 1. */
  readonly positives: Value;
  /** Truths, and those of them that an anchor cell answers for; only where the graph assigns. */
  readonly truthCount?: Value;
  readonly assigned?: Value;
}

/**
 * YOLOv3's loss (https://arxiv.org/abs/1804.02767) with an overlap for the boxes: binary cross-entropy, or
 * the form asked for, of the objectness of every anchor cell but those ignored, and of the classes where a
 * truth is assigned; each part is a sum over the batch, divided by the number of assigned cells.
 * @param heads yolo layers with their logits [N, anchors · (5 + classes), rows, columns]
 * @param room boxes an image that fit the `truths` input, and those that fit the `ignored` input, if there is one
 * @param scalar an input of shape [] by its name
 * @param distill adds the distance to a teacher, whose word is input of the graph
 * @throws MicroYoloError `invalid-argument` if options mean nothing for these heads
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
