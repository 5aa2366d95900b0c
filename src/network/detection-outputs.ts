import { MicroYoloError } from '../foundation/errors/errors.ts';
import {
  type Anchor,
  type FeatureShape,
  type Layer,
  type Network,
  outputLayers,
  type RegionLayer,
  type YoloLayer,
} from './layers.ts';
import { inferShapes } from './shapes.ts';

export interface DetectionOutputs {
  readonly classes: number;
  /**
   * Anchors of each output in pixels of the input, coarsest grid first. The number of anchors must match. @default the
   * network's
   */
  readonly anchors?: readonly (readonly Anchor[])[] | undefined;
  /** Darknet's `scale_x_y` of outputs with sigmoid offsets. @default the network's */
  readonly scaleXY?: number | undefined;
}

/**
 * Returns the yolo and region outputs of a detector.
 * @throws MicroYoloError `unsupported` if a network is not a detector
 */
export function detectionHeads(network: Network): readonly (YoloLayer | RegionLayer)[] {
  const outputs = outputLayers(network);
  const heads = outputs.filter((layer) => layer.type !== 'classes');
  if (heads.length === 0 || heads.length !== outputs.length) {
    throw new MicroYoloError(
      'unsupported',
      `${network.name}: not a detector, it has no yolo or region output; pass a detector`,
    );
  }
  return heads;
}

/** A network's yolo outputs, coarsest grid first. */
export function yoloLayers(network: Network): readonly YoloLayer[] {
  const shapes = inferShapes(network);
  const rows = (layer: Layer) => (shapes.get(layer.name) as FeatureShape)[1];
  return network.layers.filter((layer) => layer.type === 'yolo').sort((a, b) => rows(a) - rows(b));
}

/**
 * Returns the outputs that training supports: a network's yolo outputs, coarsest grid first.
 * @throws MicroYoloError `unsupported` if there are none
 */
export function trainedOutputs(network: Network): readonly YoloLayer[] {
  const found = yoloLayers(network);
  if (found.length > 0) return found;
  const kinds = new Set(outputLayers(network).map(({ type }) => type));
  throw new MicroYoloError(
    'unsupported',
    `${network.name}: has no yolo output to train, only ${[...kinds].join(', ') || 'none'}; pass a detector with yolo outputs`,
  );
}

/**
 * Distributes anchors over outputs: the largest go to the first output, which has the coarsest grid. Within an output,
 * the smallest comes first.
 */
export function shareAnchors(
  anchors: readonly Anchor[],
  outputs: readonly YoloLayer[],
): readonly (readonly Anchor[])[] {
  const largestFirst = anchors.toSorted((a, b) => b[0] * b[1] - a[0] * a[1]);
  let taken = 0;
  return outputs.map((output) => {
    const from = taken;
    taken += output.anchors.length;
    return largestFirst.slice(from, taken).toReversed();
  });
}

/**
 * Returns the same detector for other classes: changes its yolo outputs and the convolutions before them.
 * @throws MicroYoloError `unsupported` if an output does not come from a convolution, `invalid-argument` for another
 *   number of anchors
 */
export function withDetectionOutputs(network: Network, outputs: DetectionOutputs): Network {
  const heads = yoloLayers(network);
  const { classes, scaleXY, anchors = heads.map((head) => head.anchors) } = outputs;
  const counts = (lists: readonly (readonly Anchor[])[]) => lists.map((list) => list.length).join(' + ');
  const own = counts(heads.map((head) => head.anchors));
  if (counts(anchors) !== own) {
    throw new MicroYoloError(
      'invalid-argument',
      `${counts(anchors)} anchors: ${network.name} has ${own}; pass that number`,
    );
  }
  const changed = new Map<string, Layer>();
  for (const [index, head] of heads.entries()) {
    const before = network.layers.find(({ name }) => name === head.inputs[0]);
    if (before?.type !== 'conv') {
      throw new MicroYoloError(
        'unsupported',
        `${network.name}: output ${head.name} comes from ${before?.type ?? 'the input'}, expected a convolution; choose another network`,
      );
    }
    const mine = anchors[index]!;
    const reach = head.center === 'linear' ? head.scaleXY : (scaleXY ?? head.scaleXY);
    changed.set(head.name, { ...head, classes, anchors: mine, scaleXY: reach });
    changed.set(before.name, { ...before, outChannels: mine.length * (5 + classes) });
  }
  return { ...network, layers: network.layers.map((layer) => changed.get(layer.name) ?? layer) };
}
