import { expect, test } from 'vitest';
import { formatFindings } from '../../../../src/cli/dataset/check/findings.ts';
import { formatStatistics } from '../../../../src/cli/dataset/check/statistics.ts';
import { annotationTable, type Category } from '../../../../src/datasets/dataset.ts';
import { datasetStatistics } from '../../../../src/tasks/datasets/check/statistics.ts';

function classLines(categories: readonly Category[], boxes: readonly number[]): readonly string[] {
  const box = [1, 2, 30, 40] as const;
  const rows = boxes.map((category, index) => ({
    id: index + 1,
    image: 0,
    category,
    box,
    area: 1200,
    crowd: false,
  }));
  const images = [{ id: 1, fileName: 'a.jpg', width: 100, height: 80 }];
  const dataset = { images, categories, annotations: annotationTable(rows), imageFolder: '.', extra: {} };
  const statistics = datasetStatistics(dataset, [[10, 14]], { width: 416, height: 416 });
  const text = formatStatistics([{ name: 'val.json', label: 'val', task: 'detection', ...statistics }]);
  return text.slice(0, text.indexOf('\n\n')).split('\n');
}

test('of a hundred thousand classes, shows those with the most boxes', () => {
  const categories = Array.from({ length: 100_000 }, (_, index) => ({ id: index + 1, name: `c${index}` }));
  const lines = classLines(categories, [
    99_999,
    ...Array.from({ length: 300 }, (_, index) => 99_999 - index),
  ]);
  expect(lines[1]).toMatch(/^c99999 +2 /);
  expect(lines).toHaveLength(203);
  expect(lines.slice(201)).toEqual([
    '… and 100 more (--json)',
    'without boxes: 99,700 classes, c0, c1, c2, c3, c4 …',
  ]);
});

test('counts categories with the same name together', () => {
  const categories = [1, 2].map((id) => ({ id, name: 'dog' }));
  expect(classLines(categories, [0, 1, 1]).slice(1)).toEqual([expect.stringMatching(/^dog +3 /)]);
});

test('keeps control characters of names away from the terminal', () => {
  const places = [{ place: 'val.json: a\u001b[31m\n.png', message: 'no such file' }];
  const finding = {
    kind: 'missing-image-file',
    severity: 'error',
    title: 'image file missing',
    count: 1,
    places,
  } as const;
  expect(formatFindings([finding], false)).toContain('\n  val.json: a\\u001b[31m\\u000a.png: no such file');
});
