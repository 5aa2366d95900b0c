import { anchorFit, letterboxedSizes } from '../../anchors/anchor-fit.ts';
import { clusterAnchors } from '../../anchors/find-anchors.ts';
import { squareSize } from '../../boxes/formats.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { graphFileKind } from '../../detection/foreign/open-graph.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { option } from '../../foundation/errors/named-options.ts';
import { loadNetwork, modelFile } from '../../models/load.ts';
import { classesOutput, withClasses } from '../../network/classifiers/output.ts';
import {
  shareAnchors,
  trainedOutputs,
  withDetectionOutputs,
  yoloLayers,
} from '../../network/detection-outputs.ts';
import type { Network } from '../../network/layers.ts';
import { isNetworkName } from '../../network/registry.ts';
import { withInputSize } from '../../network/shapes.ts';
import { yoloHeads } from '../../training/heads/targets.ts';
import type { TrainingSettings } from '../../training/run/settings.ts';
import { checkFrozen } from '../../training/step/frozen-layers.ts';
import { sharedOutputs, teacherGrids } from '../../training/teacher/targets.ts';
import { type StartWeights, startWeights } from './start-weights.ts';

export interface PreparedModel extends Pick<StartWeights, 'weights' | 'recipe'> {
  readonly network: Network;
}

/** Lets a cell's box reach the centers of its neighbors: all assigners but YOLOv3's give it objects there. */
const NEIGHBOR_REACH = 2;

/** @throws MicroYoloError if there is no teacher, or one without anchors */
async function teacherNetwork({ teacher }: TrainingSettings): Promise<Network> {
  if (teacher === null) {
    throw new MicroYoloError(
      'invalid-argument',
      `anchors teacher: there is no teacher; set one with ${option('teacher')}, or choose other anchors`,
    );
  }
  if ((await graphFileKind(await modelFile(teacher))) !== undefined) {
    throw new MicroYoloError(
      'invalid-argument',
      `anchors teacher: ${teacher} is an ONNX graph whose anchors are not known; choose auto, fit or keep`,
    );
  }
  return (await loadNetwork(teacher)).network;
}

/** The network with anchors, and their cells' reach, of another's outputs of the same names. */
function withAnchorsOf(network: Network, other: Network): Network {
  const outputs = new Map(yoloLayers(other).map((head) => [head.name, head]));
  const layers = network.layers.map((layer) => {
    const head = layer.type === 'yolo' ? outputs.get(layer.name) : undefined;
    return head && layer.type === 'yolo' ? { ...layer, anchors: head.anchors, scaleXY: head.scaleXY } : layer;
  });
  return { ...network, layers };
}

/** A classifier for the data's classes, at the settings' input size. */
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

/** @throws MicroYoloError if a detector would learn from images without boxes, or a classifier from boxes */
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
 * The network that a run trains, with its first weights: for the data's classes, a detector's anchors fitted
 * where asked, and what other weights give.
 * @throws MicroYoloError if the model is unknown, or of another task than the data
 */
export async function prepareModel(
  settings: TrainingSettings,
  dataset: Dataset,
  onNote: (message: string) => void,
): Promise<PreparedModel> {
  const { model, seed, anchors, loss } = settings;
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
  const heads = trainedOutputs(based);
  // A trained model's boxes hang on its anchors and on how far they reach: it sees larger inputs with the same.
  const isNew = isNetworkName(model) && !outputsOf;
  const scale = isNew ? Math.min(size.width / loaded.input[2], size.height / loaded.input[1]) : 1;
  const scaled = heads.map((head) =>
    head.anchors.map(([width, height]) => [width * scale, height * scale] as const),
  );
  const teacher = anchors === 'teacher' ? await teacherNetwork(settings) : undefined;
  const taught = teacher && trainedOutputs(teacher);
  const checkGrids = (areShared: boolean) => {
    if (areShared) return;
    throw new MicroYoloError(
      'invalid-argument',
      `anchors teacher: ${teacher?.name} has different grids from ${loaded.name}; choose another teacher, or other anchors`,
    );
  };
  const anchorCounts = (outputs: typeof heads) => outputs.map((head) => head.anchors.length).join();
  if (taught) checkGrids(anchorCounts(taught) === anchorCounts(heads));
  const sizes = letterboxedSizes(dataset, size);
  const count = heads.flatMap((head) => head.anchors).length;
  const different = new Set(sizes.map(([width, height]) => `${width}×${height}`)).size;
  const isFitting = (anchors === 'fit' || (anchors === 'auto' && isNew)) && different >= count;
  const own = isFitting ? shareAnchors(clusterAnchors(sizes, count, seed), heads) : scaled;
  const chosen = taught?.map((head) => head.anchors) ?? own;
  const reach = isNew && loss.assigner !== 'best-anchor' ? NEIGHBOR_REACH : undefined;
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  const fit = anchorFit(sizes, chosen.flat());
  const kept = outputsOf ? 'kept with the transferred outputs' : "the network's own";
  const origin = taught ? "the teacher's" : isFitting ? 'fitted to the boxes' : kept;
  const others = outputsOf ? 'those of the transferred outputs' : "the network's own";
  const compared = `${others}: ${percent(anchorFit(sizes, scaled.flat()).recall)}`;
  onNote(
    `anchors ${chosen
      .flat()
      .map((side) => side.map(Math.round).join('×'))
      .join(', ')} px, ${origin}: ` +
      `${percent(fit.recall)} of the boxes overlap one by half or more, mean IoU ${fit.meanIou.toFixed(3)}` +
      (chosen === scaled ? '' : ` (${compared})`),
  );
  const network = withDetectionOutputs(based, {
    classes: classes.length,
    anchors: chosen,
    scaleXY: taught ? taught[0]?.scaleXY : reach,
  });
  if (teacher) checkGrids(sharedOutputs(teacherGrids(teacher), yoloHeads(network)) !== undefined);
  return { network, ...start };
}
