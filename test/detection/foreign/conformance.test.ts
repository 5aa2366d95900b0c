import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCase } from '../../../scripts/conformance/case.ts';
import { FAMILIES } from '../../../src/detection/families/families.ts';

// Made by scripts/goldens/foreign/twins.py: random graphs with the outputs of each family, and the expected detections.
const FIXTURES = join(import.meta.dirname, 'fixtures');

/** The family that must be recognized, or requested if the file does not identify it. */
const FAMILY: Readonly<Record<string, string>> = {
  'twin-damoyolo': 'damo-yolo',
  'twin-detr-hf-1': 'detr',
  'twin-dfine-hf': 'rt-detr-queries',
  'twin-edgeyolo': 'edgeyolo',
  'twin-end2end': 'yolo-end2end',
  'twin-end2end-bare': 'yolo-end2end',
  'twin-fasterrcnn-zoo': 'faster-rcnn',
  'twin-libreyolo9-3': 'yolo9',
  'twin-nanodet': 'nanodet',
  'twin-nanodet-plus': 'nanodet-plus',
  'twin-nanodet-plus-1': 'nanodet-plus',
  'twin-nanodet-plus-3': 'nanodet-plus',
  'twin-picodet': 'picodet',
  'twin-picodet-boxes': 'picodet',
  'twin-picodet-raw': 'picodet',
  'twin-ppyoloe': 'pp-yoloe',
  'twin-ppyoloe-raw': 'pp-yoloe',
  'twin-rfdetr': 'rf-detr',
  'twin-rfdetr-3': 'rf-detr',
  'twin-rtdetr-hf': 'rt-detr-queries',
  'twin-rtdetr-hf-1': 'rt-detr-queries',
  'twin-rtdetr-own': 'rt-detr',
  'twin-rtdetrv2-hf': 'rt-detr-queries',
  'twin-rtmdet': 'rtmdet',
  'twin-ssd-tensorflow': 'tensorflow',
  'twin-torchvision': 'torchvision',
  'twin-torchvision-3d': 'torchvision',
  'twin-ultralytics-rtdetr': 'ultralytics-rt-detr',
  'twin-yolonas': 'yolo-nas',
  'twin-yolonas-flat': 'yolo-nas',
  'twin-yolos-hf': 'detr',
  'twin-yolov3-zoo': 'yolov3',
  'twin-yolov4': 'yolov4',
  'twin-yolov5-1': 'yolov5',
  'twin-yolov5-3': 'yolov5',
  'twin-yolov5-bare': 'yolov5',
  'twin-yolov5-maps': 'yolov5',
  'twin-yolov7': 'yolov5',
  'twin-yolov7-1': 'yolov7',
  'twin-yolov7-end2end': 'yolov7-end2end',
  'twin-yolov7-maps': 'yolov7-maps',
  'twin-yolov8': 'yolov8',
  'twin-yolov8-1': 'yolov8',
  'twin-yolov8-3': 'yolov8',
  'twin-yolov8-half': 'yolov8',
  'twin-yolox': 'yolox',
  'twin-yolox-1': 'yolox',
  'twin-yolox-3': 'yolox',
  'twin-yolox-decoded': 'yolox',
};

const twins = readdirSync(FIXTURES).filter((name) => name.startsWith('twin-'));

test('every fixture is in the list of families, and every family but four has one', () => {
  expect(Object.keys(FAMILY).sort()).toEqual(twins.sort());
  // Two are other output layouts of listed families; two are this library's own exports.
  const known = FAMILIES.map(({ name }) => name).filter(
    (name) => !['yolov8-transposed', 'yolov5-maps', 'micro-yolo', 'micro-yolo-decoded'].includes(name),
  );
  expect([...new Set(Object.values(FAMILY))].sort()).toEqual(known.sort());
});

describe('a detector of another family', () => {
  test.each(twins)("%s is recognized, and gives its family's detections", async (name) => {
    const { outcome, expected, title, detections, difference, message } = await runCase(
      join(FIXTURES, name),
      name,
    );
    expect(outcome, message).toBe(expected === true ? 'recognized' : 'ambiguous');
    expect(title).toBe(FAMILIES.find((family) => family.name === FAMILY[name])!.title);
    expect(detections).toBeGreaterThan(3);
    expect(difference!.unmatched).toBe(0);
    expect(difference!.boxDifference).toBeLessThanOrEqual(0.5);
    expect(difference!.scoreDifference).toBeLessThanOrEqual(1e-3);
  });
});
