import { detectionHeads } from '../../network/detection-outputs.ts';
import type { Network } from '../../network/layers.ts';
import type { Decoder } from './decoder.ts';
import { decodeHeads, HEADS_DEFAULTS } from './heads.ts';

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
