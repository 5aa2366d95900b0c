import { MicroYoloError } from '../errors.ts';
import {
  type Anchor,
  type FeatureShape,
  type Layer,
  type Network,
  outputLayers,
  type YoloLayer,
} from './layers.ts';
import { inferShapes } from './shapes.ts';

export interface DetectionOutputs {
  readonly classes: number;
  /** One for each that the network has, in pixels of its input. @default the network's */
  readonly anchors?: readonly Anchor[] | undefined;
  /** @default the network's */
  readonly scaleXY?: number | undefined;
}

/** A network's yolo outputs, coarsest grid first. */
export function yoloLayers(network: Network): readonly YoloLayer[] {
  const shapes = inferShapes(network);
  const rows = (layer: Layer) => (shapes.get(layer.name) as FeatureShape)[1];
  return network.layers.filter((layer) => layer.type === 'yolo').sort((a, b) => rows(a) - rows(b));
}

/**
 * The outputs that training can teach: a network's yolo outputs, coarsest grid first.
 * @throws MicroYoloError `unsupported` where there are none
 */
export function trainedOutputs(network: Network): readonly YoloLayer[] {
  const found = yoloLayers(network);
  if (found.length > 0) return found;
  const kinds = new Set(outputLayers(network).map(({ type }) => type));
  throw new MicroYoloError(
    'unsupported',
    `${network.name}: has no yolo output to train, only ${[...kinds].join(', ') || 'none'}; give a detector with yolo outputs`,
  );
}

/**
 * The same detector for other classes: its yolo outputs and the convolutions before them. The largest anchors
 * go to the coarsest grid.
 * @throws MicroYoloError `unsupported` where an output does not come from a convolution, `invalid-argument`
 *   for another number of anchors
 */
export function withDetectionOutputs(network: Network, outputs: DetectionOutputs): Network {
  const heads = yoloLayers(network);
  const count = heads.reduce((sum, { anchors }) => sum + anchors.length, 0);
  const { classes, scaleXY } = outputs;
  if (outputs.anchors && outputs.anchors.length !== count) {
    throw new MicroYoloError(
      'invalid-argument',
      `${outputs.anchors.length} anchors: ${network.name} has ${count}; give as many`,
    );
  }
  const largestFirst = outputs.anchors?.toSorted((a, b) => b[0] * b[1] - a[0] * a[1]);
  const changed = new Map<string, Layer>();
  let taken = 0;
  for (const head of heads) {
    const before = network.layers.find(({ name }) => name === head.inputs[0]);
    if (before?.type !== 'conv') {
      throw new MicroYoloError(
        'unsupported',
        `${network.name}: output ${head.name} comes from ${before?.type ?? 'the input'}, expected a convolution; give another network`,
      );
    }
    const mine = largestFirst?.slice(taken, taken + head.anchors.length).toReversed() ?? head.anchors;
    taken += head.anchors.length;
    changed.set(head.name, { ...head, classes, anchors: mine, scaleXY: scaleXY ?? head.scaleXY });
    changed.set(before.name, { ...before, outChannels: mine.length * (5 + classes) });
  }
  return { ...network, layers: network.layers.map((layer) => changed.get(layer.name) ?? layer) };
}
