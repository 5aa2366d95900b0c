import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/operations.ts';
import type { Network } from '../../network/layers.ts';
import { HINT_GAIN_INPUT } from '../heads/inputs.ts';
import { yoloHeads } from '../heads/targets.ts';
import { type BoxRoom, type DetectionLossOptions, detectionLoss } from '../losses/detection-loss.ts';
import { type HintShape, hintedLayers, hintLoss, hintParameters } from '../losses/hint.ts';
import type { Objective } from './objective.ts';

export interface DetectionObjectiveOptions {
  readonly room: BoxRoom;
  readonly loss?: DetectionLossOptions | undefined;
  readonly distill: boolean;
  readonly hints?: ReadonlyMap<string, HintShape> | undefined;
}

/**
 * Loss of a detector, including the terms for a teacher, if any.
 * @param values values of the network's layers, by name
 * @param scalar returns the input with shape [] of a name
 * @throws MicroYoloError `unsupported` if the network has an output other than `yolo`
 */
export function detectionObjective(
  graph: GraphBuilder,
  network: Network,
  values: ReadonlyMap<string, Value>,
  scalar: (name: string) => Value,
  { room, loss: options, distill, hints }: DetectionObjectiveOptions,
): Objective {
  const [, height, width] = network.input;
  const heads = yoloHeads(network).map(({ layer }) => ({ layer, logits: values.get(layer.name)! }));
  const loss = detectionLoss(graph, heads, { width, height }, room, scalar, options, distill);
  const hinted = hintedLayers(network, values, hints);
  const hint =
    hinted.length === 0
      ? undefined
      : graph.binary('multiply', hintLoss(graph, hinted), scalar(HINT_GAIN_INPUT));
  const total = [loss.box, loss.objectness, loss.classes, loss.distill, hint]
    .filter((part) => part !== undefined)
    .reduce((sum, part) => graph.binary('add', sum, part));
  return {
    loss: total,
    metrics: {
      'loss.box': loss.box,
      'loss.objectness': loss.objectness,
      'loss.classes': loss.classes,
      positives: loss.positives,
      'loss.distill': loss.distill,
      'loss.hint': hint,
      truthCount: loss.truthCount,
      assigned: loss.assigned,
    },
    parameters: hinted.flatMap(hintParameters),
  };
}
