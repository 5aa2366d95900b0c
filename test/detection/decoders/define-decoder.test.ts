import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type DecoderDefinition, defineDecoder } from '../../../src/detection/decoders/define-decoder.ts';
import { loadDetector } from '../../../src/detection/detector.ts';
import { encodeOnnx } from '../../../src/executors/onnx/file.ts';
import { microYoloError } from '../../micro-yolo-error.ts';
import { temporaryFolder, writeDeep, writePhoto } from '../../temporary-files.ts';

const folder = temporaryFolder();
const page = readFileSync(join(import.meta.dirname, '../../../docs/foreign-detectors.md'), 'utf8');

/** The example of docs/foreign-detectors.md, verbatim. */
const example = /defineDecoder\((\{[\s\S]*?\n\})\);/.exec(page)![1]!;
const documented = new Function(`return ${example}`)() as DecoderDefinition;

/** A graph that returns these rows for any image. */
function rowsGraph(rows: readonly (readonly number[])[]): Promise<string> {
  const shape = [1, rows.length, rows[0]!.length];
  return writeDeep(
    join(folder, `${Math.random()}.onnx`),
    encodeOnnx({
      name: 'rows',
      opset: 13,
      nodes: [
        { type: 'ReduceMean', inputs: ['images'], outputs: ['mean'], attributes: { keepdims: 0 } },
        { type: 'Sub', inputs: ['mean', 'mean'], outputs: ['zero'] },
        { type: 'Add', inputs: ['rows', 'zero'], outputs: ['output'] },
      ],
      inputs: [{ name: 'images', type: 'float32', shape: [1, 3, 64, 64] }],
      outputs: [{ name: 'output', type: 'float32', shape }],
      initializers: [{ name: 'rows', shape, data: Float32Array.from(rows.flat()) }],
      metadata: { names: "{0: 'cat', 1: 'dog'}" },
    }),
  );
}

test('the decoder of the docs reads a graph of an unknown family', async () => {
  const graph = await rowsGraph([
    [8, 16, 24, 32, 0.9, 0.1],
    [9, 16, 25, 32, 0.8, 0.1],
    [32, 0, 64, 64, 0.2, 0.7],
  ]);
  const photo = await writePhoto(join(folder, 'photo.jpg'), { width: 128, height: 64 });
  await using detector = await loadDetector(graph, { decoder: defineDecoder(documented) });
  const found = await detector.detect(photo);
  expect(found.map(({ label, box }) => [label, box])).toEqual([
    ['cat', [16, 16, 32, 16]],
    ['dog', [64, 0, 64, 64]],
  ]);
});

test('a class without a name is an error, not a detection', async () => {
  const graph = await rowsGraph([[8, 16, 24, 32, 0.1, 0.1, 0.9]]);
  const photo = await writePhoto(join(folder, 'other.jpg'));
  await using detector = await loadDetector(graph, { decoder: defineDecoder(documented) });
  expect((await microYoloError(detector.detect(photo))).message).toMatch(
    /returned class 2, expected whole numbers from 0 to 1/,
  );
});

test('refuses thresholds out of range', () => {
  expect(() => defineDecoder({ ...documented, iouThreshold: 2 })).toThrow(/iouThreshold 2: expected/);
});
