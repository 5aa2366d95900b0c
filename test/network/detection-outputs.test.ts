import { describe, expect, test } from 'vitest';
import { NetworkBuilder } from '../../src/network/builder.ts';
import {
  shareAnchors,
  trainedOutputs,
  withDetectionOutputs,
  yoloLayers,
} from '../../src/network/detection-outputs.ts';
import { buildDetector, buildNetwork } from '../../src/network/registry.ts';
import { inferShapes } from '../../src/network/shapes.ts';

const anchors = [
  [90, 80],
  [10, 12],
  [200, 210],
  [20, 24],
  [40, 44],
  [60, 66],
] as const;

describe('trainedOutputs', () => {
  test('are the yolo outputs, coarsest grid first', () => {
    const names = trainedOutputs(buildNetwork('mobilenet-v2:0.5/fpn')).map(({ name }) => name);
    expect(names).toEqual(['head.deep.yolo', 'head.middle.yolo', 'head.shallow.yolo']);
  });

  test.each([
    ['yolo-lite', 'region'],
    ['mobilenet-v2', 'classes'],
  ])('are none of %s: its output is %s', (name, output) => {
    expect(() => trainedOutputs(buildNetwork(name))).toThrow(
      `${name}: has no yolo output to train, only ${output}; pass a detector with yolo outputs`,
    );
  });
});

describe('withDetectionOutputs', () => {
  const network = buildDetector('yolov3-tiny', { size: 320 });

  test('equals the network built for these classes and anchors', () => {
    const sorted = anchors.toSorted((a, b) => a[0] * a[1] - b[0] * b[1]);
    const built = buildDetector('yolov3-tiny', { size: 320, classes: 3, anchors: sorted });
    const shared = shareAnchors(anchors, yoloLayers(network));
    expect(withDetectionOutputs(network, { classes: 3, anchors: shared })).toEqual(built);
  });

  test("keeps the caller's order of anchors", () => {
    const given = [anchors.slice(0, 3), anchors.slice(3)];
    const changed = withDetectionOutputs(network, { classes: 3, anchors: given });
    expect(yoloLayers(changed).map((head) => head.anchors)).toEqual(given);
  });

  test('keeps anchors and reach if none are given', () => {
    const changed = withDetectionOutputs(network, { classes: 3 });
    expect(yoloLayers(changed).map((head) => head.anchors)).toEqual(
      yoloLayers(network).map((head) => head.anchors),
    );
    expect(yoloLayers(changed).map(({ classes, scaleXY }) => [classes, scaleXY])).toEqual([
      [3, 1],
      [3, 1],
    ]);
    expect(() => inferShapes(changed)).not.toThrow();
    const reach = yoloLayers(withDetectionOutputs(network, { classes: 3, scaleXY: 2 }));
    expect(reach.map(({ scaleXY }) => scaleXY)).toEqual([2, 2]);
  });

  test('refuses another number of anchors, and an output without a convolution', () => {
    const fewer = [anchors.slice(0, 3), anchors.slice(4)];
    expect(() => withDetectionOutputs(network, { classes: 3, anchors: fewer })).toThrow(
      '3 + 2 anchors: yolov3-tiny has 3 + 3; pass that number',
    );
    const builder = new NetworkBuilder([14, 4, 4]);
    builder.yolo('head', 'input', { anchors: anchors.slice(0, 2), classes: 2 });
    expect(() => withDetectionOutputs(builder.build('bare'), { classes: 3 })).toThrow(
      'bare: output head comes from the input, expected a convolution',
    );
  });
});
