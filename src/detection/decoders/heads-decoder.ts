import { detectionHeads } from '../../network/detection-outputs.ts';
import type { Network } from '../../network/layers.ts';
import type { Decoder } from './decoder.ts';
import { decodeHeads, HEADS_DEFAULTS } from './heads.ts';

/**
 * Returns the decoder for this library's own networks, whose outputs are logits by head, [1, anchors · (5 + classes),
 * rows, columns].
 * @throws MicroYoloError `unsupported` if the network is not a detector
 */
export function headsDecoder(network: Network): Decoder {
  const heads = detectionHeads(network);
  return {
    name: 'yolo heads',
    ...HEADS_DEFAULTS,
    decode: (outputs, view, add) => decodeHeads(heads, outputs, view, add),
  };
}
