import type { Decoder } from '../detection/decoder.ts';
import { decodeHeads, HEADS_DEFAULTS } from '../detection/heads.ts';
import { MicroYoloError } from '../foundation/errors/errors.ts';
import { type Network, outputLayers, type RegionLayer, type YoloLayer } from '../network/layers.ts';

/** @throws MicroYoloError `unsupported` if a network is no detector */
export function detectionHeads(network: Network): readonly (YoloLayer | RegionLayer)[] {
  const outputs = outputLayers(network);
  const heads = outputs.filter((layer) => layer.type !== 'classes');
  if (heads.length === 0 || heads.length !== outputs.length) {
    throw new MicroYoloError(
      'unsupported',
      `${network.name}: no detector, it has no yolo or region output; give a detection model`,
    );
  }
  return heads;
}

/**
 * The decoder of a network's own outputs: logits by head, [1, anchors · (5 + classes), rows, columns].
 * @throws MicroYoloError `unsupported` if it is no detector
 */
export function headsDecoder(network: Network): Decoder {
  const heads = detectionHeads(network);
  return {
    name: 'yolo heads',
    ...HEADS_DEFAULTS,
    decode: (outputs, view, add) => decodeHeads(heads, outputs, view, add),
  };
}
