import { describe, expect, test } from 'vitest';
import { anchorsByScale, COCO_TINY_ANCHORS, TINY_MASKS } from '../../../src/network/heads/anchors.ts';
import { outputLayers } from '../../../src/network/layers.ts';
import { buildDetector } from '../../../src/network/registry.ts';

/** From the published YOLOv3-tiny weights: anchor 3 serves both scales, anchor 0 none. */
const PUBLISHED_MASKS = [
  [3, 4, 5],
  [1, 2, 3],
];

describe('anchorsByScale', () => {
  test('puts the large anchors of COCO on the deep scale', () => {
    expect(anchorsByScale(COCO_TINY_ANCHORS, TINY_MASKS)).toEqual([
      [
        [81, 82],
        [135, 169],
        [344, 319],
      ],
      [
        [10, 14],
        [23, 27],
        [37, 58],
      ],
    ]);
  });

  test('takes the masks of the published weights if anchors can be shared', () => {
    expect(anchorsByScale(COCO_TINY_ANCHORS, PUBLISHED_MASKS, { shared: true })[1]).toEqual([
      [23, 27],
      [37, 58],
      [81, 82],
    ]);
  });

  test('keeps the order of a mask', () => {
    expect(
      anchorsByScale(
        [
          [1, 1],
          [2, 2],
        ],
        [[1, 0]],
      ),
    ).toEqual([
      [
        [2, 2],
        [1, 1],
      ],
    ]);
  });

  test('refuses an anchor that no scale uses', () => {
    expect(() => anchorsByScale(COCO_TINY_ANCHORS, PUBLISHED_MASKS)).toThrow(
      'anchor 0 (10×14) is used 0 times, expected once; correct the masks or allow shared anchors',
    );
  });

  test('refuses an anchor that two scales use', () => {
    expect(() =>
      anchorsByScale(
        [
          [1, 1],
          [2, 2],
        ],
        [[0, 1], [1]],
      ),
    ).toThrow('anchor 1 (2×2) is used 2 times, expected once');
  });

  test.each([6, -1, 1.5])('refuses mask %d, which names no anchor', (index) => {
    expect(() => anchorsByScale(COCO_TINY_ANCHORS, [[index]], { shared: true })).toThrow(
      `mask ${index}: there are 6 anchors; use 0 to 5`,
    );
  });
});

describe.each(['micro-yolo', 'yolov3-tiny', 'mobilenet-v2/yolo-tiny'] as const)('%s', (name) => {
  test('has the heads of the given masks, deep first', () => {
    const network = buildDetector(name, {
      classes: 1,
      size: 64,
      masks: PUBLISHED_MASKS,
      sharedAnchors: true,
    });
    const heads = outputLayers(network).map((head) => (head.type === 'yolo' ? head.anchors : []));
    expect(heads).toEqual(anchorsByScale(COCO_TINY_ANCHORS, PUBLISHED_MASKS, { shared: true }));
  });

  test('has an anchor for each channel group when masks differ in length', () => {
    const network = buildDetector(name, {
      classes: 1,
      size: 64,
      masks: [
        [2, 3, 4, 5],
        [0, 1],
      ],
    });
    expect(outputLayers(network).map((head) => (head.type === 'yolo' ? head.anchors.length : 0))).toEqual([
      4, 2,
    ]);
  });

  test('refuses another number of scales', () => {
    expect(() => buildDetector(name, { masks: [[0, 1, 2, 3, 4, 5]] })).toThrow(
      'masks of 1 scales: head yolo-tiny has 2; pass a mask for each',
    );
  });

  test('refuses shared anchors unless they are requested', () => {
    expect(() => buildDetector(name, { masks: PUBLISHED_MASKS })).toThrow('is used 0 times, expected once');
  });
});
