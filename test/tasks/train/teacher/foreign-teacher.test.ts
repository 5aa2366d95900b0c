import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { annotationTable, type Dataset } from '../../../../src/datasets/dataset.ts';
import { encodeOnnx } from '../../../../src/executors/onnx/file.ts';
import { prepareModel } from '../../../../src/tasks/train/prepare-model.ts';
import { predictionsOf } from '../../../../src/tasks/train/teacher/foreign-teacher.ts';
import { loadTeacher } from '../../../../src/tasks/train/teacher/teacher.ts';
import { trainingSettingsSchema } from '../../../../src/training/run/settings.ts';
import { temporaryFolder } from '../../../temporary-files.ts';

const root = temporaryFolder();
const path = join(root, 'foreign.onnx');

/** Cells of an input of 64 × 64 at strides 8, 16 and 32. */
const [SIDE, CELLS, CHANNELS] = [64, 64 + 16 + 4, 7];

/**
 * A graph with YOLOX's shapes for two classes, whose objectness in one cell is the image's mean brightness, by 255: a box
 * of 16 × 32 around (40, 24), with scores of 0.9 and 0.3 times that.
 */
async function writeDetector(): Promise<void> {
  const rows = new Float32Array(CELLS * CHANNELS);
  const bright = new Float32Array(CELLS * CHANNELS);
  // Row 1, column 2 at stride 16.
  const place = (64 + 4 + 2) * CHANNELS;
  rows.set([0.5, 0.5, Math.log(1), Math.log(2), 0, 0.9, 0.3], place);
  bright[place + 4] = 1 / 255;
  const shape = [1, CELLS, CHANNELS];
  const bytes = encodeOnnx({
    name: 'foreign',
    opset: 13,
    nodes: [
      { type: 'ReduceMean', inputs: ['images'], outputs: ['mean'], attributes: { keepdims: 0 } },
      { type: 'Mul', inputs: ['bright', 'mean'], outputs: ['seen'] },
      { type: 'Add', inputs: ['rows', 'seen'], outputs: ['output'] },
    ],
    inputs: [{ name: 'images', type: 'float32', shape: [1, 3, SIDE, SIDE] }],
    outputs: [{ name: 'output', type: 'float32', shape }],
    initializers: [
      { name: 'rows', shape, data: rows },
      { name: 'bright', shape, data: bright },
    ],
    metadata: { license: 'AGPL-3.0' },
  });
  await writeFile(path, bytes);
}

const dataOf = (...names: readonly string[]): Dataset => ({
  images: [],
  categories: names.map((name, index) => ({ id: index + 1, name })),
  annotations: annotationTable([]),
  imageFolder: '',
  extra: {},
});

const settingsOf = (settings: object) =>
  trainingSettingsSchema.parse({ data: 'a.json', teacher: path, ...settings });

describe('an ONNX graph as a teacher', async () => {
  await writeDetector();

  test('sees each image through its own recipe, and predicts in pixels of the image', async () => {
    await using teacher = await loadTeacher(path, dataOf('cat', 'dog'), 1);
    const size = { width: 128, height: 128 };
    const area = 3 * size.width * size.height;
    const pixels = new Uint8Array(2 * area).fill(255, area);
    const { predictions } = await teacher.look(pixels, size);
    expect(predictions[0]).toEqual([]);
    expect(predictions[1]).toHaveLength(1);
    const { box, objectness, classScores } = predictions[1]![0]!;
    for (const [edge, value] of [64, 16, 96, 80].entries()) expect(box[edge]).toBeCloseTo(value, 3);
    expect(objectness).toBeCloseTo(0.9, 5);
    expect(classScores[0]).toBe(1);
    expect(classScores[1]).toBeCloseTo(1 / 3, 5);
    expect([teacher.network, teacher.classMap]).toEqual([undefined, [0, 1]]);
  });

  test('is named with its license, and a copyleft one is reported', async () => {
    const notes: string[] = [];
    const onNote = (note: string) => notes.push(note);
    await using teacher = await loadTeacher(path, dataOf('cat', 'dog'), 1, [], { onNote });
    const sha256 = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
    expect(teacher.provenance).toEqual({
      teacher: `foreign.onnx, sha256 ${sha256}`,
      'teacher license': 'AGPL-3.0',
    });
    expect(notes).toContain(
      'teacher: its license is AGPL-3.0; check whether it applies to models that learn from it',
    );
  });

  test('gives no anchors', async () => {
    await expect(
      prepareModel(settingsOf({ anchors: 'teacher', size: 64 }), dataOf('cat', 'dog'), () => {}),
    ).rejects.toThrow(
      `anchors teacher: ${path} is an ONNX graph whose anchors are not known; choose auto, fit or keep`,
    );
  });

  test('is refused if it has none of the classes', async () => {
    await expect(loadTeacher(path, dataOf('cat', 'dog', 'fish'), 1)).rejects.toThrow(
      `teacher ${path}: has none of the classes cat, dog, fish; choose another`,
    );
  });
});

test('several scores of one box are one prediction; several boxes are several', () => {
  const [box, other] = [
    [1, 2, 3, 4],
    [1, 2, 3, 5],
  ] as const;
  const detections = [
    { label: 'a', classId: 0, score: 0.5, box },
    { label: 'b', classId: 1, score: 0.25, box: other },
    { label: 'c', classId: 2, score: 0.25, box: [...box] as const },
  ];
  expect(predictionsOf(detections, 3)).toEqual([
    { box: [1, 2, 4, 6], objectness: 0.5, classScores: Float32Array.of(1, 0, 0.5) },
    { box: [1, 2, 4, 7], objectness: 0.25, classScores: Float32Array.of(0, 1, 0) },
  ]);
});
