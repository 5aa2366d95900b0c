import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadGraphModel } from '../../../src/detection/foreign/load-graph-model.ts';
import { encodeOnnx } from '../../../src/executors/onnx/file.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const folder = temporaryFolder();

/** Cells of an input of 64 × 64 at strides 8, 16, 32 and 64. */
const CELLS = 64 + 16 + 4 + 1;

/**
 * A graph with NanoDet-Plus's shapes that returns the same for every image: scores, then distances, nearly all equal.
 * @param values of a class's score and of a distance
 */
async function writeNanodet(
  name: string,
  input: string,
  { classes, bins, values: [score, distance] }: { classes: number; bins: number; values: [number, number] },
): Promise<string> {
  const channels = classes + 4 * bins;
  const shape = [1, CELLS, channels];
  const rows = Float32Array.from(
    { length: CELLS * channels },
    (_, i) => (i % channels < classes ? score : distance) + 0.001 * (i % 7),
  );
  const path = join(folder, name);
  const bytes = encodeOnnx({
    name: 'nanodet',
    opset: 13,
    nodes: [
      { type: 'ReduceMean', inputs: [input], outputs: ['mean'], attributes: { keepdims: 0 } },
      { type: 'Mul', inputs: ['nothing', 'mean'], outputs: ['zero'] },
      { type: 'Add', inputs: ['rows', 'zero'], outputs: ['output'] },
    ],
    inputs: [{ name: input, type: 'float32', shape: [1, 3, 64, 64] }],
    outputs: [{ name: 'output', type: 'float32', shape }],
    initializers: [
      { name: 'rows', shape, data: rows },
      { name: 'nothing', shape: [1], data: new Float32Array(1) },
    ],
    metadata: {},
  });
  await writeFile(path, bytes);
  return path;
}

describe('NanoDet without class names', () => {
  test.each([
    [8, 'data', undefined],
    [16, 'data', undefined],
    [16, 'images', 'nanodet-plus'],
    [11, 'images', 'nanodet-plus'],
  ])('with %i values per distance, takes the number of classes from the scores', async (bins, input, as) => {
    const path = await writeNanodet(`${input}${bins}.onnx`, input, { classes: 80, bins, values: [0.1, -3] });
    const { model, title } = await loadGraphModel(path, { as });
    expect(title).toBe('NanoDet-Plus');
    expect(model.classes).toHaveLength(80);
    expect(model.decoder.parameters).toMatchObject({ bins });
  });

  test('is refused if the values are ambiguous', async () => {
    const path = await writeNanodet('flat.onnx', 'data', { classes: 80, bins: 8, values: [0.1, 0.2] });
    await expect(loadGraphModel(path, { as: 'nanodet-plus' })).rejects.toThrow(
      /NanoDet-Plus of 80 or 68 or 48 or 44 classes, and its values on test images do not decide; pass a file of class names with `names`/,
    );
  });
});
