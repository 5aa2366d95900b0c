import { expect, test } from 'vitest';
import { annotationTable, type Dataset } from '../../src/datasets/dataset.ts';
import { analyzeDetections } from '../../src/evaluation/analysis/analyze.ts';
import { DetectionList } from '../../src/evaluation/detection-list.ts';
import { evaluationInput } from '../../src/evaluation/input.ts';
import { evaluateDetections } from '../../src/evaluation/report.ts';
import { namedCurves } from '../../src/reports/evaluation/curves.ts';

/** Names of the drawn curves of data with one object of each class. */
function drawn(classes: readonly string[]) {
  const box = [5, 5, 40, 40] as const;
  const dataset: Dataset = {
    images: [{ id: 1, fileName: 'a.png', width: 160, height: 120 }],
    categories: classes.map((name, place) => ({ id: place + 1, name })),
    annotations: annotationTable(
      classes.map((_, category) => ({ id: category + 1, image: 0, category, box, area: 1600, crowd: false })),
    ),
    imageFolder: '.',
    extra: {},
  };
  const detections = new DetectionList();
  detections.add(1, 1, box, 0.9);
  const input = evaluationInput(dataset, detections);
  const report = evaluateDetections(dataset, detections);
  const analysis = analyzeDetections(input, { resamples: 10 });
  const curves = namedCurves({ model: 'm', data: 'd', dataset, input, report, analysis });
  return [curves.joined, ...curves.classes.map(({ name }) => name)];
}

test('a single class is drawn once', () => expect(drawn(['cat'])).toEqual(['cat']));

test('several classes are drawn beside the curve of all', () =>
  expect(drawn(['cat', 'dog'])).toEqual(['all classes', 'cat', 'dog']));
