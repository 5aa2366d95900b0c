import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { annotationTable, type Dataset } from '../../../../src/datasets/dataset.ts';
import { readDarknetNetwork } from '../../../../src/models/formats/darknet/network.ts';
import { writeDarknetWeights } from '../../../../src/models/formats/darknet/weights.ts';
import { writeModel } from '../../../../src/models/formats/safetensors/model-file.ts';
import { initializeWeights } from '../../../../src/models/initialize.ts';
import { loadTeacher } from '../../../../src/tasks/train/teacher/teacher.ts';
import { tinyModel } from '../../../models/tiny-model.ts';
import { temporaryFolder } from '../../../temporary-files.ts';

const root = temporaryFolder();

const dataOf = (...names: readonly string[]): Dataset => ({
  images: [],
  categories: names.map((name, index) => ({ id: index + 1, name })),
  annotations: annotationTable([]),
  imageFolder: '',
  extra: {},
});

test('teaches classes by their names, never by their index', async () => {
  const path = join(root, 'pets.safetensors');
  await writeModel(path, { ...tinyModel(), classes: ['cat', 'sofa'] });
  const notes: string[] = [];
  const onNote = (message: string) => notes.push(message);
  await using teacher = await loadTeacher(path, dataOf('couch', 'cat'), 1, [], { onNote });
  expect(teacher.classMap).toEqual([1, 0]);
  await using other = await loadTeacher(path, dataOf('cat', 'fish'), 1, [], { onNote });
  expect(other.classMap).toEqual([0, undefined]);
  expect(notes).toEqual([
    `teacher: 2 of 2 classes taken by name from ${path}: couch (named sofa there), cat`,
    `teacher: 1 of 2 classes taken by name from ${path}: cat; new: fish; left out: sofa`,
  ]);
});

test('a Darknet teacher uses weights next to it or named ones, and reports ignored settings', async () => {
  const cfg = join(root, 'net.cfg');
  const text = `[net]
    width=64
    height=64
    [convolutional]
    filters=7
    size=3
    stride=32
    pad=1
    activation=linear
    [yolo]
    anchors=20,20,30,30
    mask=0
    classes=2
    oddity=1`;
  await writeFile(cfg, text);
  await writeFile(join(root, 'net.names'), 'cat\ndog\n');
  const darknet = readDarknetNetwork(text, cfg);
  const weights = join(root, 'other.weights');
  await writeFile(weights, writeDarknetWeights(darknet, initializeWeights(darknet.network, 1)));
  const data = dataOf('dog');
  await expect(loadTeacher(cfg, data, 1)).rejects.toThrow(
    `net.weights: no such file, expected the weights of teacher ${cfg}; name them with \`teacherWeights\``,
  );
  const notes: string[] = [];
  await using teacher = await loadTeacher(cfg, data, 1, [], { weights, onNote: (note) => notes.push(note) });
  expect(teacher.classMap).toEqual([1]);
  expect(notes[0]).toMatch(/^teacher: .*net\.cfg:10: \[yolo\] oddity is unknown, and ignored$/);
  const model = join(root, 'own.safetensors');
  await writeModel(model, tinyModel());
  await expect(loadTeacher(model, dataOf('circle'), 1, [], { weights })).rejects.toThrow(
    'contains its own weights; set this option only for a .cfg',
  );
});
