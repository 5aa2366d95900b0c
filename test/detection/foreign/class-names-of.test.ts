import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { COCO_CLASSES } from '../../../src/detection/decoders/coco-classes.ts';
import { loadGraphModel } from '../../../src/detection/foreign/load-graph-model.ts';
import { shortNames } from '../../../src/executors/onnx/port-names.ts';
import { temporaryFolder, writeDeep } from '../../temporary-files.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const root = temporaryFolder();

async function beside(twin: string, files: Readonly<Record<string, string>>) {
  const folder = join(root, `${twin}-${Object.keys(files).length}`);
  await mkdir(folder, { recursive: true });
  await copyFile(join(FIXTURES, twin, 'model.onnx'), join(folder, 'model.onnx'));
  for (const [name, text] of Object.entries(files)) await writeDeep(join(folder, name), text);
  return loadGraphModel(join(folder, 'model.onnx'));
}

test('a list of names next to a model without names gives its classes', async () => {
  const { model, notes } = await beside('twin-yolox-3', { 'labels.txt': 'red\n\nblue\n' });
  expect(model.classes).toEqual(['red', 'class 1', 'blue']);
  expect(notes).toContain('class names come from a list beside the file');
});

test('ignores a list of another length', async () => {
  const { model } = await beside('twin-yolox-3', { 'labels.txt': 'red\n', 'x.txt': 'a\nb\nc\n' });
  expect(model.classes).toEqual(['class 0', 'class 1', 'class 2']);
});

test('prefers a JSON file with the model’s own name', async () => {
  const { model } = await beside('twin-edgeyolo', {
    'config.json': '{"names": ["x", "y", "z"]}',
    'model.json': '{"names": ["a", "b", "c"]}',
  });
  expect(model.classes).toEqual(['a', 'b', 'c']);
});

test('gives COCO’s classes their official names', () => {
  expect(COCO_CLASSES).toHaveLength(80);
  for (const name of ['airplane', 'motorcycle', 'couch', 'potted plant', 'dining table', 'tv']) {
    expect(COCO_CLASSES).toContain(name);
  }
});

test('drops TensorFlow’s :0 from output names unless two would become equal', () => {
  expect([...shortNames(['logits:0', 'pred_boxes:0']).values()]).toEqual(['logits', 'pred_boxes']);
  expect([...shortNames(['nms', 'nms:1']).values()]).toEqual(['nms', 'nms:1']);
});
