import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type AnnotationRow, annotationTable, type Dataset } from '../../../src/datasets/dataset.ts';
import { evaluateDetections } from '../../../src/evaluation/report.ts';
import { matchResults } from '../../../src/evaluation/results/file.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const folder = temporaryFolder();
const truth = (id: number, image: number, category: number): AnnotationRow => ({
  id,
  image,
  category,
  box: [48, 36, 60, 48],
  area: 2880,
  crowd: false,
});
const dataset: Dataset = {
  images: [
    { id: 7, fileName: 'a.jpg', width: 160, height: 120 },
    { id: 9, fileName: 'b.jpg', width: 160, height: 120 },
  ],
  categories: [
    { id: 3, name: 'couch' },
    { id: 5, name: 'dog' },
  ],
  annotations: annotationTable([truth(1, 0, 0), truth(2, 1, 1)]),
  imageFolder: folder,
  extra: {},
};

/** The report on a file with these contents. */
async function reportOf(contents: unknown) {
  const path = join(folder, 'found.json');
  await writeFile(path, typeof contents === 'string' ? contents : JSON.stringify(contents));
  const { detections, notes, leftOut } = await matchResults(path, dataset);
  const report = evaluateDetections(dataset, detections, path);
  return { ...report, notes: [...notes, ...report.notes].join('\n'), leftOut: leftOut + report.leftOut };
}

const row = (image_id: unknown, category_id: unknown, bbox: readonly unknown[], score = 0.9) => ({
  image_id,
  category_id,
  bbox,
  score,
});
const box = [48, 36, 60, 48];
const right = [row(7, 3, box), row(9, 5, box, 0.8)];
const detected = (image: string, label: string, scale = 1) => ({
  image,
  width: 160 * scale,
  height: 120 * scale,
  detections: [{ label, classId: 0, score: 0.9, box: box.map((side) => side * scale) }],
});

test.for([
  { title: 'what detect --json writes', file: [detected('x/a.jpg', 'sofa'), detected('x/b.jpg', 'dog')] },
  {
    title: 'detections in a larger copy',
    file: [detected('a.jpg', 'couch', 2), detected('b.jpg', 'dog', 2)],
  },
  { title: 'paths of Windows', file: [detected('C:\\x\\a.jpg', 'Couch'), detected('C:\\x\\b.jpg', 'dog')] },
  { title: 'ids as text', file: [row('7', '3', box), row('9', '5', box)] },
  { title: 'names of files as ids', file: [row('a', 'couch', box), row('b.jpg', 'dog', box)] },
  { title: 'sides as text', file: [row(7, 3, box.map(String)), row(9, 5, box.map(String))] },
  { title: 'an object that holds the list', file: { predictions: right } },
  {
    title: 'a COCO data set with scores, by its own ids',
    file: {
      images: [
        { id: 1, file_name: 'b.jpg' },
        { id: 2, file_name: 'a.jpg' },
      ],
      categories: [
        { id: 5, name: 'couch' },
        { id: 3, name: 'dog' },
      ],
      annotations: [row(2, 5, box), row(1, 3, box)],
    },
  },
  {
    title: 'NaN in a field that is not read',
    file: JSON.stringify(right).replace('"score"', '"doubt":NaN,"score"'),
  },
])('$title is read', async ({ file }) => {
  const { metrics, leftOut } = await reportOf(file);
  expect([metrics.AP, leftOut]).toEqual([expect.closeTo(1, 9), 0]);
});

test('counts images and classes that the data lacks, and names them', async () => {
  const { leftOut, notes } = await reportOf([detected('c.jpg', 'dog'), detected('a.jpg', 'cat')]);
  expect(leftOut).toBe(2);
  expect(notes).toContain('the data has no class cat, only couch, dog');
  expect(notes).toContain('1 image is not in the data (c.jpg), which has a.jpg, b.jpg');
});

test('does not match two images of one name to the same image', async () => {
  await expect(reportOf([detected('x/a.jpg', 'dog'), detected('y/a.jpg', 'dog')])).rejects.toThrow(
    'images x/a.jpg and y/a.jpg both match a.jpg in the data',
  );
});

test.for([
  { title: 'corners', box: [48, 36, 108, 84], says: 'look like left, top, right, bottom:' },
  {
    title: 'shares',
    box: [0.3, 0.3, 0.375, 0.4],
    says: "left, top, width, height as fractions of the image's sides",
  },
  { title: 'centers', box: [78, 60, 60, 48], says: 'look like center x, center y, width, height:' },
  { title: 'boxes far out', box: [4800, 36, 60, 48], says: '2 of 2 detections are outside their image' },
  { title: 'specks', box: [48, 36, 0.2, 48], says: '2 of 2 detections are under half a pixel wide or high' },
])('$title are reported, with exit code 3', async ({ box, says }) => {
  const { metrics, misread, notes } = await reportOf([row(7, 3, box), row(9, 5, box)]);
  expect([metrics.AP50, misread]).toEqual([0, true]);
  expect(notes).toContain(says);
});

test('counts unknown categories, and reports ids that start one too low', async () => {
  const { leftOut, notes } = await reportOf([row(7, 2, box), row(9, 4, box)]);
  expect(leftOut).toBe(2);
  expect(notes).toContain(
    '2 of 2 detections are left out: the data has no category_id 2, 4, only 3 couch, 5 dog',
  );
  expect(notes).toContain('the class ids look one too low');
});

test('counts negative sides and says what they look like', async () => {
  const { leftOut, notes } = await reportOf([row(7, 3, [108, 84, -60, -48]), row(9, 5, box)]);
  expect(leftOut).toBe(1);
  expect(notes).toContain(
    '1 of 2 boxes have a negative width or height and match nothing ([108, 84, -60, -48])',
  );
});

test('reports classes in another order', async () => {
  expect((await reportOf([row(7, 5, box), row(9, 3, box)])).notes).toContain(
    'of the best 2, 2 match a true box, but only 0 one of their class',
  );
});

test('reports scores in percent and equal scores without changing a figure', async () => {
  const percent = await reportOf([row(7, 3, box, 90), row(9, 5, box, 80)]);
  expect(percent.metrics.AP).toBeCloseTo(1, 9);
  expect(percent.notes).toContain('scores range from 80 to 90, like percentages, expected 0 to 1');
  expect((await reportOf([row(7, 3, box), row(9, 5, box)])).notes).toContain('all 2 scores are 0.9');
});

test('an AP of 0 always comes with a note', async () => {
  expect((await reportOf([])).notes).toBe('no detections: every true box counts as missed');
  expect((await reportOf([row(7, 3, [90, 36, 60, 48])])).notes).toContain('the best IoU is 0.');
});

test.for([
  { title: 'ids from 0', id: 6, says: 'ids look counted from 0' },
  {
    title: 'other data',
    id: 700,
    says: 'the data set has 7, 9; evaluate the images that the detections belong to',
  },
])('images of $title are refused with their number', async ({ id, says }) => {
  const error: Error = await reportOf([row(id, 3, box)]).then(
    () => new Error('accepted'),
    (reason) => reason,
  );
  expect(error.message).toContain(`image_id ${id} is not an image of the data set (1 of 1 detections`);
  expect(error.message).toContain(says);
});

test.for([
  { title: 'JSON Lines', file: '{"a":1}\n{"a":2}\n', says: 'is JSON Lines' },
  { title: 'CSV', file: 'image,class,x,y\n1,2,3,4\n', says: 'is CSV' },
  { title: "YOLO's label file", file: '0 .5 .5 .1 .1 .9\n', says: "is a label file in YOLO's format" },
  { title: 'XML', file: '<annotation/>', says: 'is XML' },
  { title: 'an object of others', file: { shapes: [] }, says: 'is an object of "shapes"' },
  { title: 'tensors', file: [{ boxes: [], labels: [] }], says: '[0]: an object of boxes, labels' },
  {
    title: 'data without scores',
    file: { images: [], categories: [], annotations: [{ id: 1, image_id: 7, category_id: 3, bbox: box }] },
    says: 'is a COCO data set whose annotations have no score',
  },
])('$title is named', async ({ file, says }) => {
  await expect(reportOf(file)).rejects.toThrow(says);
});
