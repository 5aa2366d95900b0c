import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/operations.ts';
import type { CenterBoxes } from './box-overlap.ts';
import type { DecodedHead } from './decoded-head.ts';
import { targetInputs } from './inputs.ts';

/** Targets of a head, as graph values. All are [N, anchors, 1, cells]. See `HeadTargets`. */
export interface TargetValues {
  /** 1 if a truth is assigned, otherwise 0. */
  readonly positive: Value;
  /** Boxes, in pixels of the input. */
  readonly box: CenterBoxes;
  /** Index of the class. */
  readonly classId: Value;
  /** How well the prediction matches its truth, 0–1. @default their overlap */
  readonly quality?: Value;
  /** Weight of the truth in the loss, 0–1. @default 1 */
  readonly weight?: Value | undefined;
}

/** Targets from the loader, as inputs of the graph. */
export function denseTargetValues(
  graph: GraphBuilder,
  { layer, objectness }: DecodedHead,
  isWeighted: boolean,
): TargetValues {
  const [batch, anchors, , cells] = objectness.shape as [number, number, number, number];
  const names = targetInputs(layer.name);
  const positive = graph.input(names.positive, [batch, anchors, 1, cells]);
  const target = graph.input(names.box, [batch, anchors, 4, cells]);
  const classId = graph.input(names.classId, [batch, anchors, 1, cells]);
  const weight = isWeighted ? graph.input(names.weight, [batch, anchors, 1, cells]) : undefined;
  return { positive, box: centerBoxes(graph, target), classId, weight };
}

/** Splits boxes, [N, anchors, 4, cells], into four tensors. */
export function centerBoxes(graph: GraphBuilder, boxes: Value): CenterBoxes {
  const [x, y, width, height] = graph.record({ op: 'split', axis: 2, sizes: [1, 1, 1, 1] }, [boxes]);
  return { x: x!, y: y!, width: width!, height: height! };
}
