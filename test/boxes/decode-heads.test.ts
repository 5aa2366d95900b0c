import { beforeAll, describe, expect, it } from 'vitest';
import { Candidates } from '../../src/boxes/candidates.ts';
import { decodeHead, type HeadOutput } from '../../src/boxes/decode-heads.ts';
import type { Network } from '../../src/network/layers.ts';
import {
  decode,
  fixtureModel,
  type GoldenOutput,
  goldenInput,
  headOutput,
  openCvRow,
  readGolden,
  runNetwork,
} from '../models/formats/darknet/goldens.ts';

const INPUT = { inputWidth: 64, inputHeight: 32 };

/** A head with 2 × 4 cells (stride 16), one anchor and two classes; every logit is 0. */
const emptyHead = (): HeadOutput & { readonly data: Float32Array } => ({
  kind: 'yolo',
  data: new Float32Array(7 * 8),
  offset: 0,
  height: 2,
  width: 4,
  classes: 2,
  anchors: [[10, 20]],
});

/** The cell in row 1, column 2. */
const CELL = 6;
const CHANNELS = ['x', 'y', 'width', 'height', 'objectness', 'class 0', 'class 1'] as const;

/** A head in which a single cell has an object, of class 1. */
function headOf(logits: Partial<Record<(typeof CHANNELS)[number], number>>): HeadOutput {
  const head = emptyHead();
  head.data.fill(-1000, 4 * 8);
  const values = {
    x: 0,
    y: 0,
    width: 0,
    height: 0,
    objectness: 50,
    'class 0': -1000,
    'class 1': 50,
    ...logits,
  };
  CHANNELS.forEach((channel, index) => {
    head.data[8 * index + CELL] = values[channel];
  });
  return head;
}

function decoded(head: HeadOutput, scoreThreshold: number) {
  const candidates = new Candidates();
  decodeHead(head, { ...INPUT, scoreThreshold }, candidates);
  const { boxes, scores, classIds } = candidates;
  return [...scores].map((score, index) => ({
    box: [...boxes.subarray(4 * index, 4 * index + 4)],
    score,
    classId: classIds[index]!,
  }));
}

describe('a box', () => {
  it('is centered in its cell with the size of its anchor if all logits are 0', () => {
    // Center (2.5, 1.5) × 16, size 10 × 20.
    expect(decoded(headOf({}), 0.5)).toEqual([{ box: [35, 14, 45, 34], score: 1, classId: 1 }]);
  });

  it('moves within its cell by the sigmoid of x and y', () => {
    const logit = Math.log(3);
    const [left, top, right, bottom] = decoded(headOf({ x: logit, y: -logit }), 0.5)[0]!.box;
    expect((left! + right!) / 2).toBeCloseTo((2 + 0.75) * 16, 5);
    expect((top! + bottom!) / 2).toBeCloseTo((1 + 0.25) * 16, 5);
  });

  it('grows by the exponential of width and height', () => {
    const [left, top, right, bottom] = decoded(headOf({ width: Math.log(2), height: Math.log(0.5) }), 0.5)[0]!
      .box;
    expect(right! - left!).toBeCloseTo(20, 5);
    expect(bottom! - top!).toBeCloseTo(10, 5);
  });

  it('moves beyond its cell by scaleXY', () => {
    const [{ box } = expect.fail('no box')] = decoded(
      { ...headOf({ x: 1000, y: -1000 }), scaleXY: 1.2 },
      0.5,
    );
    expect((box[0]! + box[2]!) / 2).toBeCloseTo((2 + 1.1) * 16, 5);
    expect((box[1]! + box[3]!) / 2).toBeCloseTo((1 - 0.1) * 16, 5);
  });

  it('moves without bounds if its centers are linear', () => {
    const [{ box } = expect.fail('no box')] = decoded({ ...headOf({ x: 2.5, y: -1.25 }), linear: true }, 0.5);
    expect((box[0]! + box[2]!) / 2).toBeCloseTo((2 + 2.5) * 16, 5);
    expect((box[1]! + box[3]!) / 2).toBeCloseTo((1 - 1.25) * 16, 5);
  });

  it('is the same for a region head, whose anchors are in cells', () => {
    const region = { ...headOf({}), kind: 'region', anchors: [[10 / 16, 20 / 16]] } as const;
    expect(decoded(region, 0.5)).toEqual(decoded(headOf({}), 0.5));
  });

  it('is read from the offset on for later images of a batch', () => {
    const { data, ...head } = headOf({});
    const batch = new Float32Array(3 * data.length).fill(Number.NaN);
    batch.set(data, data.length);
    expect(decoded({ ...head, data: batch, offset: data.length }, 0.5)).toEqual(decoded(headOf({}), 0.5));
  });

  it('counts once for each class above the threshold', () => {
    const classes = decoded(headOf({ 'class 0': 2, 'class 1': 3 }), 0.5).map(({ classId }) => classId);
    expect(classes).toEqual([0, 1]);
  });
});

describe.each(['sigmoid', 'softmax'])('scores by %s', (form) => {
  const softmax = form === 'softmax';
  const half = { ...emptyHead(), softmax };

  it('are objectness × class', () => {
    expect(decoded(half, 0).map(({ score }) => score)).toEqual(new Array(16).fill(0.25));
  });

  it('that equal the threshold are dropped', () => {
    expect(decoded(half, 0.25)).toEqual([]);
  });

  it('that equal the threshold in single precision are dropped', () => {
    const head = { ...headOf({ objectness: 0.3, 'class 0': -20, 'class 1': 0.7 }), softmax };
    const best = Math.max(...decoded(head, 0).map(({ score }) => score));
    expect(decoded(head, best)).toEqual([]);
  });

  it('above the threshold are kept', () => {
    expect(decoded(half, 0.2499)).toHaveLength(16);
  });

  it('never exceed a threshold of 1', () => {
    expect(decoded({ ...headOf({}), softmax }, 1)).toEqual([]);
  });

  it('of 0 are dropped at a threshold of 0', () => {
    expect(decoded({ ...headOf({ 'class 0': -1e30 }), softmax }, 0).map(({ classId }) => classId)).toEqual([
      1,
    ]);
  });

  it.each(['x', 'y', 'width', 'height', 'objectness', 'class 1'] as const)(
    'of a cell with a NaN %s are dropped',
    (channel) => {
      expect(decoded({ ...headOf({ [channel]: Number.NaN }), softmax }, 0)).toEqual([]);
    },
  );

  it.each(['width', 'height'] as const)('of a box with an overflowing %s are dropped', (channel) => {
    expect(decoded({ ...headOf({ [channel]: 1000 }), softmax }, 0)).toEqual([]);
  });

  it.each([1e30, -1e30])('of a box whose position has a logit of %d stay finite', (logit) => {
    const boxes = decoded({ ...headOf({ x: logit, y: logit }), softmax }, 0.5);
    expect(boxes).toHaveLength(1);
    expect(boxes[0]!.box.every(Number.isFinite)).toBe(true);
  });

  it('of huge logits are 1', () => {
    const logits = { objectness: 1e30, 'class 0': -1e30, 'class 1': 1e30 };
    expect(decoded({ ...headOf(logits), softmax }, 0.5).map(({ score }) => score)).toEqual([1]);
  });
});

describe.each([
  ['routes', 0],
  ['routes', 1],
  ['convolutions', 0],
  ['region-sigmoid', 0],
] as const)("of %s.cfg's head %i", (name, index) => {
  let network: Network;
  let head: HeadOutput;
  let golden: GoldenOutput;

  beforeAll(async () => {
    const fixture = fixtureModel(name);
    const goldens = readGolden(name);
    network = fixture.network;
    const logits = await runNetwork(network, fixture.weights, goldenInput(goldens, network));
    golden = goldens.outputs[index]!;
    head = headOutput(network, golden.layer, logits.get(golden.layer)!);
  });

  /** OpenCV's score of each of our boxes, at threshold 0. */
  const openCvScores = () => {
    const columns = 5 + head.classes;
    return Float32Array.from({ length: (golden.values.length / columns) * head.classes }, (_, box) => {
      const row = openCvRow(head, Math.floor(box / head.classes));
      return golden.values[row * columns + 5 + (box % head.classes)]!;
    });
  };

  it('threshold 0 keeps a box for each class of each row', () => {
    expect(decode(head, network, 0).count).toBe(openCvScores().length);
  });

  it('threshold 1 keeps none', () => {
    expect(decode(head, network, 1).count).toBe(0);
  });

  it.each([0.1, 0.25, 0.4])('threshold %d keeps the boxes that OpenCV scores higher', (threshold) => {
    const above = openCvScores().filter((score) => score > threshold);
    const { scores } = decode(head, network, threshold);
    expect(scores).toHaveLength(above.length);
    above.forEach((score, box) => {
      expect(scores[box]).toBeCloseTo(score, 4);
    });
  });
});
