import { describe, expect, test } from 'vitest';
import { Candidates } from '../../../src/boxes/candidates.ts';
import { decodeHead } from '../../../src/boxes/decode-heads.ts';
import { uniformRandom } from '../../../src/foundation/random.ts';
import { GraphBuilder } from '../../../src/graph/builder.ts';
import { gradients } from '../../../src/graph/gradients/gradients.ts';
import { runReference } from '../../../src/graph/reference/run.ts';
import type { YoloLayer } from '../../../src/network/layers.ts';
import { IGNORED_INPUT } from '../../../src/training/heads/inputs.ts';
import {
  type DetectionLossOptions,
  detectionLoss,
  TRUTHS_INPUT,
  targetInputs,
} from '../../../src/training/losses/detection-loss.ts';

const ROWS = 3;
const COLUMNS = 5;
const CELLS = ROWS * COLUMNS;
const INPUT = { width: 40, height: 48 };
const layer: YoloLayer = {
  type: 'yolo',
  name: 'head',
  inputs: ['logits'],
  anchors: [
    [8, 16],
    [20, 12],
  ],
  classes: 2,
  scaleXY: 1.25,
};
const [ANCHORS, FIELDS] = [layer.anchors.length, 5 + layer.classes];

/** A batch of one image for one head, all zeros. */
function emptyBatch() {
  return {
    logits: new Float32Array(ANCHORS * FIELDS * CELLS),
    positive: new Float32Array(ANCHORS * CELLS),
    box: new Float32Array(ANCHORS * 4 * CELLS),
    classId: new Float32Array(ANCHORS * CELLS),
    truths: new Float32Array(2 * 4),
    ignored: new Float32Array(2 * 4),
  };
}

/** The loss's inputs by name, each gain 1. */
function lossInputs(batch: ReturnType<typeof emptyBatch>) {
  const names = targetInputs(layer.name);
  const one = { shape: [], data: [1] };
  return new Map<string, { shape: readonly number[]; data: ArrayLike<number> }>([
    ['logits', { shape: [1, ANCHORS * FIELDS, ROWS, COLUMNS], data: batch.logits }],
    [names.positive, { shape: [1, ANCHORS, 1, CELLS], data: batch.positive }],
    [names.box, { shape: [1, ANCHORS, 4, CELLS], data: batch.box }],
    [names.classId, { shape: [1, ANCHORS, 1, CELLS], data: batch.classId }],
    [TRUTHS_INPUT, { shape: [1, 2, 4], data: batch.truths }],
    [IGNORED_INPUT, { shape: [1, 2, 4], data: batch.ignored }],
    ['gain.box', one],
    ['gain.objectness', one],
    ['gain.classes', one],
  ]);
}

type CaseOptions = DetectionLossOptions & { readonly ignored?: number };
const WITH_IGNORED: CaseOptions = { ignored: 2 };

/** Records the loss of a head's logits. */
function recordLoss({ ignored, ...options }: CaseOptions) {
  const graph = new GraphBuilder();
  const logits = graph.input('logits', [1, ANCHORS * FIELDS, ROWS, COLUMNS]);
  const scalar = (name: string) => graph.input(name, []);
  return {
    graph,
    logits,
    parts: detectionLoss(graph, [{ layer, logits }], INPUT, { truths: 2, ignored }, scalar, options),
  };
}

/** The parts of the loss in float64, each with a gain of 1. */
function lossOf(batch: ReturnType<typeof emptyBatch>, options: CaseOptions = {}) {
  const { graph, parts } = recordLoss(options);
  for (const [name, value] of Object.entries(parts)) graph.output(name, value);
  const outputs = runReference(graph.build(), lossInputs(batch));
  const number = (name: keyof typeof parts) => outputs.get(name)!.data[0]!;
  return {
    box: number('box'),
    objectness: number('objectness'),
    classes: number('classes'),
    positives: number('positives'),
  };
}

/** Gradient of a part of the loss with respect to the logits, in float64. */
function gradientOf(
  part: 'box' | 'objectness' | 'classes',
  batch: ReturnType<typeof emptyBatch>,
  options: CaseOptions = {},
): ArrayLike<number> {
  const { graph, logits, parts } = recordLoss(options);
  graph.output('gradient', gradients(graph, parts[part], [logits])[0]!);
  return runReference(graph.build(), lossInputs(batch)).get('gradient')!.data;
}

/** The loss of an anchor cell with logits 0 whose target is background, in nats. */
const UNDECIDED = Math.log(2);

describe('detectionLoss', () => {
  test('decodes boxes as detection does', () => {
    const batch = emptyBatch();
    const uniform = uniformRandom(4);
    for (let i = 0; i < batch.logits.length; i++) batch.logits[i] = 3 * uniform() - 1.5;
    const candidates = new Candidates();
    // One class has a high score everywhere, so every anchor cell is one candidate.
    for (let anchor = 0; anchor < ANCHORS; anchor++) {
      for (const [field, logit] of [
        [4, 9],
        [5, 9],
        [6, -99],
      ] as const) {
        batch.logits.fill(logit, (anchor * FIELDS + field) * CELLS, (anchor * FIELDS + field + 1) * CELLS);
      }
    }
    const head = {
      kind: 'yolo',
      data: batch.logits,
      offset: 0,
      height: ROWS,
      width: COLUMNS,
      ...layer,
    } as const;
    decodeHead(head, { inputWidth: INPUT.width, inputHeight: INPUT.height, scoreThreshold: 0.5 }, candidates);
    expect(candidates.count).toBe(ANCHORS * CELLS);
    batch.positive.fill(1);
    for (let place = 0; place < candidates.count; place++) {
      const [left, top, right, bottom] = candidates.boxes.subarray(4 * place) as unknown as readonly number[];
      const box = [(left! + right!) / 2, (top! + bottom!) / 2, right! - left!, bottom! - top!];
      const [anchor, cell] = [Math.floor(place / CELLS), place % CELLS];
      for (const [part, value] of box.entries()) batch.box[(4 * anchor + part) * CELLS + cell] = value;
    }
    expect(lossOf(batch, { box: 'ciou' }).box).toBeLessThan(1e-6);
    batch.box[0]! += 1;
    expect(lossOf(batch, { box: 'ciou' }).box).toBeGreaterThan(1e-3);
  });

  test('trains every anchor cell as background if no truth is assigned, and divides by one', () => {
    const { box, objectness, classes, positives } = lossOf(emptyBatch());
    expect([box, classes, positives]).toEqual([0, 0, 1]);
    expect(objectness).toBeCloseTo(ANCHORS * CELLS * UNDECIDED, 9);
  });

  test('divides each part by the number of assigned anchor cells', () => {
    const batch = emptyBatch();
    const once = { ...batch, positive: batch.positive.map((_, place) => (place < 1 ? 1 : 0)) };
    const thrice = { ...batch, positive: batch.positive.map((_, place) => (place < 3 ? 1 : 0)) };
    expect(lossOf(once).classes).toBeCloseTo(layer.classes * UNDECIDED, 9);
    expect(lossOf(thrice).classes).toBeCloseTo(layer.classes * UNDECIDED, 9);
    expect(lossOf(thrice).objectness).toBeCloseTo(lossOf(once).objectness / 3, 9);
    expect(lossOf(thrice).positives).toBe(3);
  });

  test('trains only the assigned class', () => {
    const batch = emptyBatch();
    batch.positive[4] = 1;
    batch.classId[4] = 1;
    batch.logits[5 * CELLS + 4] = -40;
    batch.logits[6 * CELLS + 4] = 40;
    expect(lossOf(batch).classes).toBeCloseTo(0, 9);
    batch.classId[4] = 0;
    expect(lossOf(batch).classes).toBeCloseTo(80, 9);
  });

  describe('for predictions that overlap a truth', () => {
    /** The first anchor of the first cell predicts 0, 0, 8, 16: half of the truth. No other comes as near. */
    const overlapped = () => {
      const batch = emptyBatch();
      batch.truths.set([0, -16, 8, 16], 4);
      return batch;
    };
    const all = ANCHORS * CELLS;

    test.each([
      ['exempts those above the threshold', 0.49, all - 1],
      ['keeps those just at the threshold', 0.5, all],
      ['keeps those below it', 0.51, all],
      ['keeps all with a threshold of 1', 1, all],
    ])('%s', (_, ignoreThreshold, counted) => {
      const others = lossOf(overlapped(), { ignoreThreshold: 0.999 }).objectness;
      expect(others).toBeCloseTo(all * UNDECIDED, 9);
      expect(lossOf(overlapped(), { ignoreThreshold }).objectness).toBeCloseTo(counted * UNDECIDED, 9);
    });

    test('still trains an assigned one as an object', () => {
      const batch = overlapped();
      batch.positive[0] = 1;
      batch.logits[4 * CELLS] = -5;
      const free = lossOf(batch, { ignoreThreshold: 0.49 }).objectness;
      expect(free).toBeCloseTo((all - 1) * UNDECIDED + Math.log1p(Math.exp(5)), 9);
    });

    test('exempts nothing for empty places, which are all zeros', () => {
      expect(lossOf(emptyBatch(), { ignoreThreshold: 0.01 }).objectness).toBeCloseTo(all * UNDECIDED, 9);
    });
  });

  describe('for predictions in an ignored box', () => {
    /** The first anchor of the second cell in the second row predicts 8, 16, 16, 32. */
    const [anchorCell, all] = [COLUMNS + 1, ANCHORS * CELLS];
    const ignoring = (...box: readonly number[]) => {
      const batch = emptyBatch();
      batch.ignored.set(box, 4);
      return batch;
    };
    const objectness = (gradient: ArrayLike<number>) =>
      [0, 1].flatMap((anchor) =>
        [...(gradient as number[])].slice((anchor * FIELDS + 4) * CELLS, (anchor * FIELDS + 5) * CELLS),
      );

    test.each([
      ['half of it is inside', 24, [anchorCell]],
      ['less than half is inside', 23.9, []],
    ])('the objectness has no gradient if %s', (_, bottom, free) => {
      const gradient = objectness(gradientOf('objectness', ignoring(8, 16, 16, bottom), WITH_IGNORED));
      const zeros = gradient.flatMap((value, place) => (value === 0 ? [place] : []));
      expect(zeros).toEqual(free);
    });

    test('still trains an assigned one as an object', () => {
      const batch = ignoring(8, 16, 16, 32);
      batch.positive[anchorCell] = 1;
      const gradient = objectness(gradientOf('objectness', batch, WITH_IGNORED));
      expect(gradient[anchorCell]).toBeLessThan(0);
    });

    test('is the same whether or not predictions over truths are exempt', () => {
      const options = { ...WITH_IGNORED, ignoreThreshold: 1 };
      expect(lossOf(ignoring(8, 16, 16, 32), options).objectness).toBeCloseTo((all - 1) * UNDECIDED, 9);
    });

    test('exempts nothing for empty places, which are all zeros', () => {
      expect(lossOf(emptyBatch(), WITH_IGNORED).objectness).toBeCloseTo(all * UNDECIDED, 9);
    });
  });

  test.each<[string, DetectionLossOptions]>([
    ['labelSmoothing 1.5: expected 0 to 1', { labelSmoothing: 1.5 }],
    ['labelSmoothing NaN: expected 0 to 1', { labelSmoothing: Number.NaN }],
    [
      "labelSmoothing 0.1 with classes of the form 'varifocal', which treats every target above 0 as an object; choose 'bce', 'focal' or 'quality'",
      { labelSmoothing: 0.1, classes: { form: 'varifocal' } },
    ],
    ['scaleBalance [1, 2]: expected 1 number ≥ 0, one per head', { scaleBalance: [1, 2] }],
    ['classWeights [1, -1]: expected 2 numbers ≥ 0, one per class', { classWeights: [1, -1] }],
    ['classWeights [1]: expected 2 numbers ≥ 0, one per class', { classWeights: [1] }],
  ])('refuses %s', (message, options) => {
    expect(() => lossOf(emptyBatch(), options)).toThrow(message);
  });

  test.each(['objectness', 'classes'] as const)('moves no box to improve its %s', (part) => {
    const score = { form: 'bce', target: 'overlap' } as const;
    const batch = emptyBatch();
    batch.positive.fill(1);
    batch.box.fill(9);
    const gradient = [...(gradientOf(part, batch, { objectness: score, classes: score }) as number[])];
    const fields = Array.from({ length: FIELDS }, (_, field) =>
      gradient.slice(field * CELLS, (field + 1) * CELLS),
    );
    const moved = fields.map((field) => field.some((value) => value !== 0));
    const scores = part === 'objectness' ? [true, false, false] : [false, true, true];
    expect(moved).toEqual([false, false, false, false, ...scores]);
  });

  test.each([-9e3, 9e3])('has a finite gradient for extreme boxes: sides of exp(%s)', (logit) => {
    const batch = emptyBatch();
    batch.positive[0] = 1;
    for (const field of [2, 3]) batch.logits.fill(logit, field * CELLS, (field + 1) * CELLS);
    for (const box of ['iou', 'giou', 'diou', 'ciou'] as const) {
      expect(Array.from(gradientOf('box', batch, { box })).every(Number.isFinite)).toBe(true);
    }
  });
});
