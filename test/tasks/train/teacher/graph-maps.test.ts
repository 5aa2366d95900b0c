import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Size } from '../../../../src/boxes/formats.ts';
import { annotationTable, type Dataset } from '../../../../src/datasets/dataset.ts';
import { readModel } from '../../../../src/models/formats/safetensors/model-file.ts';
import type { Network } from '../../../../src/network/layers.ts';
import { withInputSize } from '../../../../src/network/shapes.ts';
import { checkHints, hintedStudent } from '../../../../src/tasks/train/teacher/check-hints.ts';
import { loadTeacher } from '../../../../src/tasks/train/teacher/teacher.ts';
import { BEST_FILE } from '../../../../src/training/run/files.ts';
import { trainingSettingsSchema } from '../../../../src/training/run/settings.ts';
import { train } from '../../../../src/training/run/trainer.ts';
import { tinyYolox } from '../../../detection/foreign/tiny-graph.ts';
import { tinyNetwork } from '../../../models/tiny-model.ts';
import { temporaryFolder } from '../../../temporary-files.ts';
import { drawnDataset, tinyRun } from '../../../training/run/tiny-run.ts';

const path = join(temporaryFolder(), 'teacher.onnx');
beforeAll(async () => {
  await writeFile(path, tinyYolox());
  await writeFile(path.replace('.onnx', '.names'), 'circle\nsquare\n');
});

const NAMES = [
  { id: 1, name: 'circle' },
  { id: 2, name: 'square' },
];
const DATA: Dataset = {
  images: [],
  categories: NAMES,
  annotations: annotationTable([]),
  imageFolder: '',
  extra: {},
};

const settingsOf = (settings: object) =>
  trainingSettingsSchema.parse({
    data: 'a.json',
    teacher: path,
    loss: { gains: { hint: 1 } },
    ...settings,
  });

/** Opens the teacher for a student, with hints by its layers. */
async function teacherOf(network: Network, settings: object = {}) {
  const resolved = settingsOf(settings);
  const teacher = await loadTeacher(path, DATA, 1, Object.values(resolved.hints), {
    student: hintedStudent(network, resolved),
  });
  const notes: string[] = [];
  try {
    checkHints(teacher, network, resolved, (note) => notes.push(note));
  } catch (error) {
    await teacher[Symbol.asyncDispose]();
    throw error;
  }
  return { teacher, notes };
}

const gray = ({ width, height }: Size, value: number) => new Uint8Array(3 * width * height).fill(value);

describe('maps of an ONNX teacher as hints', () => {
  test('are by default those that its output joins, if one has the right grid', async () => {
    const { teacher, notes } = await teacherOf(tinyNetwork());
    await using _ = teacher;
    expect(notes).toEqual([`teacher: head learns values32 of ${path} (7 channels)`]);
    const size = { width: 64, height: 64 };
    const pixels = new Uint8Array([...gray(size, 0), ...gray(size, 100)]);
    const { maps, predictions } = await teacher.look(pixels, size);
    expect(predictions).toHaveLength(2);
    const { shape, data } = maps['values32']!;
    expect(shape).toEqual([2, 7, 2, 2]);
    // For a black image, the convolutions give 0.
    expect(new Set(data.subarray(0, 28))).toEqual(new Set([0.5]));
    const weights = Float32Array.from(
      { length: 3 * 32 ** 2 },
      (_, i) => Math.sin(i * 12.9898) / (40 * 32 ** 2),
    );
    const sum = weights.reduce((whole, weight) => whole + 100 * weight, 0);
    expect(data[28]).toBeCloseTo(1 / (1 + Math.exp(-sum)), 5);
  });

  test('are the named ones, even from a graph with another input size', async () => {
    const network = withInputSize(tinyNetwork(), 128, 128);
    const { teacher, notes } = await teacherOf(network, { hints: { 'block4.act': 'map16' } });
    await using _ = teacher;
    // Both have four by four cells: 32 px of 128, and 16 px of 64.
    expect(notes).toContain(`teacher: block4.act learns map16 of ${path} (7 channels)`);
    const size = { width: 128, height: 128 };
    const { maps } = await teacher.look(gray(size, 9), size);
    expect(Object.keys(maps).sort()).toEqual(['map16', 'values16']);
    expect(maps['map16']!.shape).toEqual([1, 7, 4, 4]);
  });

  test.each([
    [{ 'block4.act': 'map' }, 'hints: teacher has no tensor map'],
    [{ 'block4.act': 'mpa32' }, 'hints: teacher has no tensor mpa32; did you mean map32?'],
    [
      { 'block4.act': 'map8' },
      'hints: block4.act of tiny has 2 × 2 cells, map8 of teacher at 64×64 px 8 × 8; expected the same grid; name layers with equal grids',
    ],
    [
      { 'block4.act': 'rows32' },
      'hints: rows32 of teacher is [1, 7, 4], expected [1, channels, rows, columns]; name another tensor',
    ],
    [{ block: 'map32' }, 'hints: tiny has no layer block'],
  ])('%o is refused', async (hints, message) => {
    await expect(teacherOf(tinyNetwork(), { hints })).rejects.toThrow(message);
  });

  test('are refused if no map has the grid, or has it at one size of the run only', async () => {
    await expect(teacherOf(withInputSize(tinyNetwork(), 96, 96))).rejects.toThrow(
      `loss.gains.hint: expected a teacher that has one map for a grid of the network; ${path} does not at its input size`,
    );
    await expect(teacherOf(tinyNetwork(), { multiScale: { sizes: [64, 96], every: 50 } })).rejects.toThrow(
      `loss.gains.hint: expected the same maps of ${path} at all sizes, not others at 96×96`,
    );
  });

  test('are refused if images do not fill its input', async () => {
    await expect(teacherOf(withInputSize(tinyNetwork(), 128, 64))).rejects.toThrow(
      'hints: images of 128×64 leave a border in the 64×64 px input of teacher',
    );
  });

  test('are learned, and the model names its teacher', async () => {
    const folder = temporaryFolder();
    const run = tinyRun(await drawnDataset(folder, 4), temporaryFolder(), {
      teacher: path,
      loss: { gains: { hint: 1 } },
      epochs: 1,
    });
    const { teacher } = await teacherOf(run.network);
    await using _ = teacher;
    const provenance = { ...run.provenance, ...teacher.provenance };
    const { history } = await train({ ...run, provenance, teacher });
    expect(history[0]!['loss.hint']).toBeGreaterThan(0);
    const trained = await readModel(join(run.folder, BEST_FILE));
    expect(trained.provenance).toMatchObject({
      teacher: expect.stringMatching(/^teacher\.onnx, sha256 [0-9a-f]{64}$/),
      'teacher license': 'Apache-2.0',
    });
    expect([...trained.weights.keys()].filter((name) => name.includes('hint'))).toEqual([]);
  });
});
