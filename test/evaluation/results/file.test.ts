import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DetectionList } from '../../../src/evaluation/detection-list.ts';
import { readResults, writeResults } from '../../../src/evaluation/results/file.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const folder = temporaryFolder();
async function read(contents: string | Uint8Array): Promise<DetectionList> {
  const path = join(folder, 'results.json');
  await writeFile(path, contents);
  return readResults(path);
}

test('detections read back equal those written, to the last digit', async () => {
  const list = new DetectionList();
  for (let i = 0; i < 3000; i++)
    list.add(i % 7, 90 - (i % 3), [i / 3, -1 - i, i * Math.PI, 1e-9], 1 / (i + 1));
  const path = join(folder, 'written.json');
  await writeResults(path, list);
  const found = await readResults(path);
  for (const column of ['imageIds', 'categoryIds', 'boxes', 'scores'] as const)
    expect(found[column]).toEqual(list[column]);
});

test('the file has the form that pycocotools reads', async () => {
  const list = new DetectionList();
  list.add(42, 18, [1.5, 2, 3, 4], 0.25);
  const path = join(folder, 'one.json');
  await writeResults(path, list);
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual([
    { image_id: 42, category_id: 18, bbox: [1.5, 2, 3, 4], score: 0.25 },
  ]);
});

test('ignores keys beyond the four', async () => {
  const found = await read(
    '[{"image_id":1,"category_id":2,"bbox":[0,0,1,1],"score":0.5,"segmentation":[[1,2]],"__proto__":{"x":1}}]',
  );
  expect(found.count).toBe(1);
  expect(({} as { x?: number }).x).toBeUndefined();
});

test('an empty array means no detections', async () => {
  expect((await read(' [ ] ')).count).toBe(0);
});

const row = (fields: object) =>
  JSON.stringify([{ image_id: 1, category_id: 1, bbox: [0, 0, 1, 1], score: 0.5 }, fields]);
const cases = [
  {
    title: 'a truncated file',
    text: '[{"image_id":1,"category_id":2,"bbox":[0,0',
    says: /truncated after 42 bytes, inside \[0\]/,
  },
  { title: 'an object', text: '{"boxes":[]}', says: /is an object of "boxes", expected a JSON list/ },
  { title: 'text', text: 'hello', says: /not JSON at byte 0/ },
  { title: 'something after the array', text: '[] x', says: /has more text after its JSON/ },
  { title: 'a number for a row', text: '[7]', says: /\[0\]: 7, expected an object with image_id/ },
  {
    title: 'no image id',
    text: row({ category_id: 1, bbox: [0, 0, 1, 1], score: 1 }),
    says: /\[1\]: image_id missing, expected a whole number/,
  },
  {
    title: 'a null category',
    text: row({ image_id: 1, category_id: null, bbox: [0, 0, 1, 1], score: 1 }),
    says: /\[1\]: category_id null/,
  },
  {
    title: 'a bbox of three numbers',
    text: row({ image_id: 1, category_id: 1, bbox: [0, 0, 1], score: 1 }),
    says: /\[1\]: bbox \[0,0,1\], expected four numbers/,
  },
  {
    title: 'a score of text',
    text: row({ image_id: 1, category_id: 1, bbox: [0, 0, 1, 1], score: 'high' }),
    says: /\[1\]: score "high", expected a number/,
  },
  {
    title: 'NaN',
    text: '[{"image_id":1,"category_id":1,"bbox":[0,NaN,1,1],"score":1}]',
    says: /\[0\]: bbox \[0,NaN,1,1\], expected four numbers/,
  },
  { title: 'a file that is not UTF-8', text: Uint8Array.of(0x5b, 0xff, 0xfe, 0x5d), says: /not UTF-8/ },
] as const;

test.for(cases)('$title is refused in one line with the location', async ({ text, says }) => {
  const error: Error = await read(text).then(
    () => new Error('accepted'),
    (reason) => reason,
  );
  expect(error.message).toMatch(says);
  expect(error.message).toContain('results.json');
  expect(error.message).not.toContain('\n');
});

test('reads scores and boxes written as text', async () => {
  const found = await read('[{"image_id":1,"category_id":"1","bbox":["0","0","1","2"],"score":"0.25"}]');
  expect([found.scores[0], [...found.boxes.subarray(0, 4)]]).toEqual([0.25, [0, 0, 1, 2]]);
});
