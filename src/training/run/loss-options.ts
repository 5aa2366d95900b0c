import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { yoloLayers } from '../../network/detection-outputs.ts';
import { graphAssigner } from '../assigners/assigners.ts';
import { yoloHeads } from '../heads/targets.ts';
import { classWeights } from '../losses/class-weights.ts';
import type { DetectionLossOptions } from '../losses/options.ts';
import type { TrainingRun } from './run.ts';

/** Converts the settings of a run to loss options for its data. */
export function lossOptions({
  settings,
  dataset,
  network,
}: Pick<TrainingRun, 'settings' | 'dataset' | 'network'>): DetectionLossOptions {
  const {
    assigner,
    box,
    ignoreThreshold,
    objectness,
    classes,
    labelSmoothing,
    scaleBalance,
    classWeights: kind,
  } = settings.loss;
  const counts = dataset.categories.map(() => 0);
  dataset.annotations.categories.forEach((category, row) => {
    if (dataset.annotations.crowd[row] === 0) counts[category] = counts[category]! + 1;
  });
  // Settings list the outputs coarsest first, the loss in the network's order.
  const coarsestFirst = yoloLayers(network).map(({ name }) => name);
  if (scaleBalance && scaleBalance.length !== coarsestFirst.length) {
    const given = `scaleBalance [${scaleBalance.join(', ')}]`;
    throw new MicroYoloError(
      'invalid-argument',
      `${given}: expected ${coarsestFirst.length} numbers, one per output of ${network.name}, coarsest first`,
    );
  }
  const balance =
    scaleBalance && yoloHeads(network).map(({ layer }) => scaleBalance[coarsestFirst.indexOf(layer.name)]!);
  return {
    assigner: graphAssigner(assigner),
    box,
    ignoreThreshold,
    objectness,
    classes,
    labelSmoothing,
    ...(balance ? { scaleBalance: balance } : {}),
    ...(kind === 'none' ? {} : { classWeights: classWeights(kind, counts) }),
  };
}
