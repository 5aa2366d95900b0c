import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { uniformRandom } from '../../../../src/foundation/random.ts';
import { readModel } from '../../../../src/models/formats/safetensors/model-file.ts';
import { forward } from '../../../../src/models/forward/forward.ts';
import { IMAGE_INPUT } from '../../../../src/models/forward/photograph.ts';
import { importModel } from '../../../../src/tasks/models/import-model.ts';
import { relativeError, runGraph } from '../../../graph/run-graph.ts';
import { temporaryFolder } from '../../../temporary-files.ts';

const folder = temporaryFolder();
const fixtures = fileURLToPath(new URL('fixtures/', import.meta.url));
/** A model as Keras saved it. */
const fixture = (name: string) => join(folder, name);
for (const file of readdirSync(fixtures)) {
  if (!file.endsWith('.gz')) continue;
  writeFileSync(fixture(file.slice(0, -3)), gunzipSync(readFileSync(join(fixtures, file))));
}

/** Logits of each model, made by scripts/goldens/keras_files.py. */
const goldens = JSON.parse(readFileSync(join(fixtures, 'logits.json'), 'utf8')) as Record<string, number[]>;

const SIDE = 64;
const size = { width: SIDE, height: SIDE };

/** The script's image, [H, W, 3], in the form of the network's input. */
function image(): Float32Array {
  const random = uniformRandom(99);
  const pixels = Float32Array.from({ length: SIDE * SIDE * 3 }, () => 2 * random() - 1);
  const area = SIDE * SIDE;
  return pixels.map((_, at) => pixels[(at % area) * 3 + Math.floor(at / area)]!);
}

async function logitsOf(path: string): Promise<Float32Array> {
  const { network, weights } = await readModel(path);
  const layers = network.layers.map((layer) =>
    layer.type === 'classes' ? { ...layer, softmax: false } : layer,
  );
  const graph = forward({ ...network, layers }, 'inference');
  const feeds = { [IMAGE_INPUT]: { shape: [1, 3, SIDE, SIDE], data: image() } };
  const found = await runGraph({ graph, tensors: weights }, feeds);
  return found['head.classes']!.data as Float32Array;
}

const FIRST = 'mobilenet-v1:0.25';

describe("a Keras model gives Keras's logits", () => {
  test.each([
    ['mobilenet.h5', FIRST, 'mobilenet'],
    ['mobilenet.keras', FIRST, 'mobilenet'],
    ['mobilenet_v2.weights.h5', 'mobilenet-v2:0.1', 'mobilenet_v2'],
    ['own.keras', FIRST, 'own'],
    ['own.h5', FIRST, 'own_keras_2'],
  ])('for %s as %s', async (file, network, golden) => {
    const out = join(folder, `${file}.safetensors`);
    const { classes } = await importModel({ weights: fixture(file), network, size, out });
    expect(classes).toBe(5);
    const [found, expected] = [await logitsOf(out), Float32Array.from(goldens[golden]!)];
    expect(relativeError({ shape: [5], data: found }, { shape: [5], data: expected })).toBeLessThan(1e-4);
    const { recipe, classes: names } = await readModel(out);
    expect(recipe).toMatchObject({ mean: 127.5, std: 127.5, resize: 'stretch' });
    expect(names).toHaveLength(5);
  });
});

test('takes class names from a file', async () => {
  const [names, out] = [join(folder, 'labels.txt'), join(folder, 'named.safetensors')];
  await writeFile(names, 'ant\nbee\ncat\ndog\nelk\n');
  await importModel({ weights: fixture('mobilenet.keras'), network: FIRST, size, names, out });
  expect((await readModel(out)).classes).toEqual(['ant', 'bee', 'cat', 'dog', 'elk']);
});

describe('is refused with value, expectation and remedy', () => {
  const broken = async (name: string, bytes: string | Uint8Array) => {
    await writeFile(join(folder, name), bytes);
    return join(folder, name);
  };
  const out = join(folder, 'never.safetensors');

  test.each([
    [
      'a network of another width',
      'mobilenet-v1:0.5',
      /mobilenet\.h5: layer conv1 has kernel of 3×3×3×8, .* 16×3×3×3; choose the network/,
    ],
    ['another family', 'shufflenet-v2:1', /mobilenet\.h5: .*; choose the network of the same kind/],
    ['an unknown network', 'mobilenet-v9', /expected one of/],
  ])('%s', async (_, network, message) => {
    await expect(importModel({ weights: fixture('mobilenet.h5'), network, size, out })).rejects.toThrow(
      message,
    );
  });

  test.each([
    ['text.h5', 'no weights', /text\.h5: cannot be read \(.*\); expected HDF5/],
    ['text.keras', 'no zip', /text\.keras: expected a zip with model\.weights\.h5/],
    ['text.pth', 'no weights', /text\.pth": expected \.keras, \.h5, or \.safetensors/],
    [
      'cut.h5',
      readFileSync(fixture('mobilenet.h5')).subarray(0, 100_000),
      /cut\.h5: .*(damaged|cannot be read)/,
    ],
  ])('%s', async (name, bytes, message) => {
    const weights = await broken(name, bytes);
    await expect(importModel({ weights, network: FIRST, size, out })).rejects.toThrow(message);
  });
});
