import { decodeHead } from '../boxes/decode-heads.ts';
import type { Decoder } from '../detection/decoder.ts';
import { MicroYoloError } from '../errors.ts';
import { type Network, outputLayers, type RegionLayer, type YoloLayer } from '../network/layers.ts';
import { inferShapes } from '../network/shapes.ts';

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
  const shapes = inferShapes(network);
  return {
    name: 'yolo heads',
    iouThreshold: 0.45,
    evaluationThreshold: 0.001,
    multiLabel: true,
    decode(outputs, { input, scoreThreshold }, add) {
      const options = { inputWidth: input.width, inputHeight: input.height, scoreThreshold };
      for (const head of heads) {
        const [, height, width] = shapes.get(head.name)!;
        const { classes, anchors } = head;
        const form = head.type === 'yolo' ? { scaleXY: head.scaleXY } : { softmax: head.softmax };
        const { data } = outputs[head.name]!;
        decodeHead({ kind: head.type, data, offset: 0, height, width, classes, anchors, ...form }, options, {
          add,
        });
      }
    },
  };
}
