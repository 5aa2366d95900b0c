import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/operations.ts';
import { classesOutput } from '../../network/classifiers/output.ts';
import type { Network } from '../../network/layers.ts';
import type { HintShape } from '../losses/hint.ts';
import type { DetectionLossOptions } from '../losses/options.ts';
import { classificationObjective } from './classification.ts';
import { detectionObjective } from './detection.ts';
import type { Objective } from './objective.ts';

/** Options of a step that affect its objective; see `TrainingStepOptions`. */
export interface ObjectiveOptions {
  readonly truths?: number | undefined;
  readonly ignored?: number | undefined;
  readonly isWeighted?: boolean | undefined;
  readonly loss?: DetectionLossOptions | undefined;
  readonly distill?: boolean | undefined;
  readonly hints?: ReadonlyMap<string, HintShape> | undefined;
}

/**
 * Records the objective of a training step: cross-entropy for a classifier, or the loss of a detector.
 * @param maps feature maps of the layers, by name
 * @param scalar returns the input with shape [] of a name
 * @throws MicroYoloError `invalid-argument` for a classifier with a teacher
 */
export function recordObjective(
  graph: GraphBuilder,
  network: Network,
  maps: ReadonlyMap<string, Value>,
  scalar: (name: string) => Value,
  { truths = 32, ignored, isWeighted, loss, distill = false, hints }: ObjectiveOptions,
): Objective {
  const classes = classesOutput(network);
  if (!classes) {
    const room = { truths, ignored, isWeighted };
    return detectionObjective(graph, network, maps, scalar, { room, loss, distill, hints });
  }
  if (distill || hints?.size) {
    throw new MicroYoloError(
      'invalid-argument',
      `${network.name}: a classifier cannot learn from a teacher; leave out distill and hints`,
    );
  }
  return classificationObjective(graph, classes, maps.get(classes.inputs[0]!)!, loss);
}
