import { expect, test } from 'vitest';
import { backboneNames } from '../../src/network/backbones/families.ts';
import { classCount } from '../../src/network/layers.ts';
import { buildClassifier, buildDetector, buildNetwork, headNames } from '../../src/network/registry.ts';

const same = (a: string, b: string) => expect(buildNetwork(a).layers).toEqual(buildNetwork(b).layers);

test('a number alone is the width', () => {
  same('mobilenet-v2:0.5', 'mobilenet-v2:width=0.5');
});

test('accepts options in any order', () => {
  same('shufflenet-v1:groups=8,width=0.5', 'shufflenet-v1:0.5,groups=8');
});

test('a backbone alone is a classifier, even if a detector has the same name', () => {
  expect(buildNetwork('mobilenet-v2').layers).toEqual(buildClassifier('mobilenet-v2').layers);
  expect(buildNetwork('yolov3-tiny/classes').layers).toEqual(buildClassifier('yolov3-tiny').layers);
  expect(buildNetwork('yolov3-tiny').layers).toEqual(buildDetector('yolov3-tiny').layers);
});

test('a backbone with the head of a named detector is that detector', () => {
  same('yolov3-tiny/yolo-tiny', 'yolov3-tiny');
});

test.each(headNames)('a network with the head %s has the requested name', (head) => {
  const network = buildDetector(`shufflenet-v2:0.5/${head}`, { classes: 7, size: 64 });
  expect([network.name, classCount(network)]).toEqual([`shufflenet-v2:0.5/${head}`, 7]);
});

test.each([
  ['mobilenet-v2:9', 'backbone "mobilenet-v2:9": option width=9: too big: expected number to be <=4'],
  ['mobilenet-v2:wide', 'backbone "mobilenet-v2:wide": option width=wide: invalid input: expected number'],
  [
    'mobilenet-v2:height=2',
    'backbone "mobilenet-v2:height=2": no option height; expected width, kernel, projection, bottleneck, shortcut, shortcutOn, conventions, outputStride',
  ],
  [
    'shufflenet-v2:0.7/fpn',
    'backbone "shufflenet-v2:0.7": option width=0.7: invalid option: expected one of 0.5|1|1.5|2',
  ],
  ['shufflenet-v1:groups=5', 'option groups=5: invalid option: expected one of 1|2|3|4|8'],
  [
    'efficientnet-b0:0.5',
    'backbone "efficientnet-b0:0.5": option "0.5": has no name, expected NAME=VALUE with one of conventions, outputStride',
  ],
  [
    'mobilenet-v2/yolo',
    'detector "mobilenet-v2/yolo": head "yolo", expected one of yolo-tiny, yolo-tiny-dsconv, yolo-tiny-mbconv, fpn, pan, yolox, region',
  ],
  ['resnet-50', `backbone "resnet-50": expected one of ${backboneNames.join(', ')}`],
  ['resnet-50/fpn', `backbone "resnet-50": expected one of ${backboneNames.join(', ')}`],
])('%j is refused in one line', (name, message) => {
  expect(() => buildNetwork(name)).toThrow(message);
});

test('refuses an unknown detector and lists the known ones', () => {
  expect(() => buildDetector('yolov4' as 'micro-yolo')).toThrow(
    'detector "yolov4": expected one of micro-yolo, micro-yolo-base, micro-yolo-plus, micro-yolox, yolov3-tiny, yolo-lite, yolo-nano, or BACKBONE/HEAD',
  );
});

test.each([0, -1, 1.5, Number.NaN])('refuses a classifier with %d classes', (classes) => {
  expect(() => buildClassifier('mobilenet-v2', { classes })).toThrow(
    `classes ${classes}: expected a whole number of at least 1`,
  );
});

test.each([1, -0.1, Number.NaN])('refuses a dropout of %d', (dropout) => {
  expect(() => buildClassifier('mobilenet-v2', { dropout })).toThrow(
    `dropout ${dropout}: expected a number from 0 to below 1`,
  );
});
