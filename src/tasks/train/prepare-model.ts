import { squareSize } from '../../boxes/formats.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { loadNetwork } from '../../models/load.ts';
import { classesOutput, withClasses } from '../../network/classifiers/output.ts';
import { withDetectionOutputs } from '../../network/detection-outputs.ts';
import type { Network } from '../../network/layers.ts';
import { isNetworkName } from '../../network/registry.ts';
import { withInputSize } from '../../network/shapes.ts';
import type { TrainingSettings } from '../../training/run/settings.ts';
import { checkFrozen } from '../../training/step/frozen-layers.ts';
import { withAnchorsOf, withChosenAnchors } from './choose-anchors.ts';
import { type StartWeights, startWeights } from './start-weights.ts';

export interface PreparedModel extends Pick<StartWeights, 'weights' | 'recipe' | 'provenance'> {
  readonly network: Network;
}

/** Prepares a classifier for the data's classes, at the settings' input size. */
async function prepareClassifier(
  loaded: Network,
  settings: TrainingSettings,
  { categories }: Dataset,
  onNote: (message: string) => void,
): Promise<PreparedModel> {
  const { width, height } = squareSize(settings.size);
  const network = withClasses(withInputSize(loaded, width, height), categories.length);
  const classes = categories.map(({ name }) => name);
  return { network, ...(await startWeights(network, classes, settings, onNote)) };
}

/** @throws MicroYoloError if a detector would be trained on classification data, or a classifier on boxes */
function checkTask(network: Network, settings: TrainingSettings, { task = 'detection' }: Dataset): void {
  const isClassifier = classesOutput(network) !== undefined;
  if (isClassifier === (task === 'classification')) return;
  const { data, model } = settings;
  const detector = isNetworkName(model)
    ? `such as ${model.replace(/\/classes$/, '')}/yolo-tiny`
    : 'such as micro-yolo, or BACKBONE/yolo-tiny with the weights of this one';
  throw new MicroYoloError(
    'invalid-argument',
    isClassifier
      ? `model ${model}: is a classifier, and ${data} has boxes; choose a detector, ${detector}`
      : `model ${model}: is a detector, and ${data} has images with one class each; choose a classifier, such as mobilenet-v2:0.5`,
  );
}

/**
 * Prepares the network that a run trains, for the data's classes, with its initial weights. Chooses a detector's
 * anchors according to the settings.
 * @throws MicroYoloError if the model is unknown, or its task differs from the data's
 */
export async function prepareModel(
  settings: TrainingSettings,
  dataset: Dataset,
  onNote: (message: string) => void,
): Promise<PreparedModel> {
  const { model } = settings;
  const size = squareSize(settings.size);
  const loaded = (await loadNetwork(model)).network;
  checkTask(loaded, settings, dataset);
  checkFrozen(settings.freeze, loaded);
  if (classesOutput(loaded)) return prepareClassifier(loaded, settings, dataset, onNote);
  const sized = withInputSize(loaded, size.width, size.height);
  const classes = dataset.categories.map(({ name }) => name);
  const classed = withDetectionOutputs(sized, { classes: classes.length });
  const { outputsOf, ...start } = await startWeights(classed, classes, settings, onNote);
  const based = outputsOf ? withAnchorsOf(classed, outputsOf) : classed;
  const isNew = isNetworkName(model) && !outputsOf;
  const network = await withChosenAnchors(based, settings, dataset, { loaded, isNew, outputsOf }, onNote);
  return { network, ...start };
}
