import { anchorFit, letterboxedSizes } from '../../anchors/anchor-fit.ts';
import { clusterAnchors } from '../../anchors/find-anchors.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { graphFileKind } from '../../detection/foreign/open-graph.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { option } from '../../foundation/errors/named-options.ts';
import { loadNetwork, modelFile } from '../../models/load.ts';
import {
  shareAnchors,
  trainedOutputs,
  withDetectionOutputs,
  yoloLayers,
} from '../../network/detection-outputs.ts';
import type { Anchor, Network } from '../../network/layers.ts';
import { yoloHeads } from '../../training/heads/targets.ts';
import type { TrainingSettings } from '../../training/run/settings.ts';
import { sharedOutputs, teacherGrids } from '../../training/teacher/targets.ts';

/** `scaleXY` that lets a cell's box reach its neighbors' centers. All assigners but YOLOv3's assign objects there. */
export const NEIGHBOR_REACH = 2;

/** @throws MicroYoloError if there is no teacher, or its anchors are unknown */
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

/** Copies anchors, `scaleXY` and `center` from the outputs of the same names in another network. */
export function withAnchorsOf(network: Network, other: Network): Network {
  const outputs = new Map(yoloLayers(other).map((head) => [head.name, head]));
  const layers = network.layers.map((layer) => {
    const head = layer.type === 'yolo' ? outputs.get(layer.name) : undefined;
    return head && layer.type === 'yolo'
      ? { ...layer, anchors: head.anchors, scaleXY: head.scaleXY, center: head.center }
      : layer;
  });
  return { ...network, layers };
}

/** Note on the anchors, their origin and how well they fit the boxes. */
function anchorNote(
  sizes: readonly Anchor[],
  anchors: readonly Anchor[],
  origin: string,
  compared: { readonly others: string; readonly anchors: readonly Anchor[] } | undefined,
): string {
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  const written = anchors.map((side) => side.map(Math.round).join('×')).join(', ');
  const { recall, meanIou } = anchorFit(sizes, anchors);
  const fit = `${percent(recall)} of the boxes overlap one by half or more, mean IoU ${meanIou.toFixed(3)}`;
  const other = compared && ` (${compared.others}: ${percent(anchorFit(sizes, compared.anchors).recall)})`;
  return `anchors ${written} px, ${origin}: ${fit}${other ?? ''}`;
}

/** Origin of a network whose anchors are chosen. */
export interface AnchorOrigin {
  /** The network as loaded. Its anchors are for its input size. */
  readonly loaded: Network;
  /** Whether it is untrained. */
  readonly isNew: boolean;
  /** The network whose output layers were transferred, if any. */
  readonly outputsOf: Network | undefined;
}

/**
 * Sets a detector's anchors according to the settings: fitted to the data's boxes, the teacher's, or its own.
 * @param based network for the data's classes, at the input size
 * @throws MicroYoloError `invalid-argument` if the teacher's anchors are selected, but unknown or on other grids
 */
export async function withChosenAnchors(
  based: Network,
  settings: TrainingSettings,
  dataset: Dataset,
  { loaded, isNew, outputsOf }: AnchorOrigin,
  onNote: (message: string) => void,
): Promise<Network> {
  const { seed, anchors, loss } = settings;
  const heads = trainedOutputs(based);
  const [, height, width] = based.input;
  const size = { width, height };
  // A trained model depends on its anchors and their reach, so they are not scaled to another input size.
  const isAnchorFree = heads.every(({ center }) => center === 'linear');
  const scale =
    isNew && !isAnchorFree ? Math.min(size.width / loaded.input[2], size.height / loaded.input[1]) : 1;
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
  const isFitting =
    (anchors === 'fit' || (anchors === 'auto' && isNew && !isAnchorFree)) && different >= count;
  const own = isFitting ? shareAnchors(clusterAnchors(sizes, count, seed), heads) : scaled;
  const chosen = taught?.map((head) => head.anchors) ?? own;
  const reach = isNew && loss.assigner !== 'best-anchor' ? NEIGHBOR_REACH : undefined;
  const kept = outputsOf ? 'kept with the transferred outputs' : "the network's own";
  const origin = taught ? "the teacher's" : isFitting ? 'fitted to the boxes' : kept;
  const others = outputsOf ? 'those of the transferred outputs' : "the network's own";
  const compared = chosen === scaled ? undefined : { others, anchors: scaled.flat() };
  if (!isAnchorFree || isFitting) onNote(anchorNote(sizes, chosen.flat(), origin, compared));
  const network = withDetectionOutputs(based, {
    classes: dataset.categories.length,
    anchors: chosen,
    scaleXY: taught ? taught[0]?.scaleXY : reach,
  });
  if (teacher) checkGrids(sharedOutputs(teacherGrids(teacher), yoloHeads(network)) !== undefined);
  return network;
}
