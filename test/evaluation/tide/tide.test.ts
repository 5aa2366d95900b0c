import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DetectionList } from '../../../src/evaluation/detection-list.ts';
import { evaluationInput } from '../../../src/evaluation/input.ts';
import {
  matchImages,
  TIDE_DEFAULTS,
  type TideThresholds,
} from '../../../src/evaluation/tide/match-images.ts';
import { evaluateTide, type TideReport } from '../../../src/evaluation/tide/tide.ts';
import { type CocoFile, type CocoResult, cocoDataset, detectionList } from '../coco/coco-files.ts';

interface Golden {
  readonly name: string;
  readonly thresholds: Partial<TideThresholds>;
  readonly truth: CocoFile;
  readonly detections: readonly CocoResult[];
  readonly expected: TideReport;
}

const goldens: readonly Golden[] = JSON.parse(
  readFileSync(new URL('fixtures/synthetic.json', import.meta.url), 'utf8'),
);
const inputOf = ({ truth, detections }: Pick<Golden, 'truth' | 'detections'>) =>
  evaluationInput(cocoDataset(truth), detectionList(detections));

test.for(goldens)('$name: the errors and their costs equal those of tidecv', (golden) => {
  const found = evaluateTide(inputOf(golden), golden.thresholds);
  const { expected } = golden;
  expect(found.AP).toBeCloseTo(expected.AP, 9);
  expect(found.errors.map(({ kind, count }) => [kind, count])).toEqual(
    expected.errors.map(({ kind, count }) => [kind, count]),
  );
  for (const [at, { kind, cost }] of expected.errors.entries())
    expect(found.errors[at]!.cost, kind).toBeCloseTo(cost, 9);
  expect(found.special.falsePositives).toBeCloseTo(expected.special.falsePositives, 9);
  expect(found.special.falseNegatives).toBeCloseTo(expected.special.falseNegatives, 9);
});

test('the generated sets contain every kind of error', () => {
  const kinds = goldens[0]!.expected.errors.filter(({ count }) => count > 0).map(({ kind }) => kind);
  expect(kinds).toHaveLength(6);
});

test('without detections, every object is missed', () => {
  const input = evaluationInput(cocoDataset(goldens[0]!.truth), new DetectionList());
  const { AP, errors } = evaluateTide(input);
  expect(AP).toBe(0);
  expect(errors.find(({ kind }) => kind === 'missed')).toMatchObject({ count: 5 });
});

test('without true boxes and detections, there is no AP', () => {
  const input = evaluationInput(cocoDataset({ ...goldens[0]!.truth, annotations: [] }), new DetectionList());
  expect(evaluateTide(input).AP).toBe(-1);
});

test('an error names the object that it concerns', () => {
  const { rows, errors, truths } = matchImages(inputOf(goldens[0]!), TIDE_DEFAULTS);
  // The third detection lies next to the second object.
  const at = rows.indexOf(2);
  expect([errors[at], truths[at]]).toEqual([1, 1]);
});
