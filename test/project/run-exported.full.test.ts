import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { exportModel, loadDetector } from '../../src/api/index.ts';
import { readModel, writeModel } from '../../src/models/formats/safetensors/model-file.ts';
import { temporaryFolder } from '../temporary-files.ts';

const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));
const SCRIPT = path('scripts/run-exported.py');
const folder = temporaryFolder();
const python = process.env['PYTHON'] ?? 'python3';
const hasPackages = spawnSync(python, ['-c', 'import onnxruntime, PIL, numpy']).status === 0;
const needs = hasPackages ? '' : ' (needs Python with onnxruntime, Pillow and NumPy; PYTHON names another)';

interface Found {
  readonly label: string;
  readonly score: number;
  readonly box: readonly number[];
}

/** Allowed difference of boxes in pixels. */
const TOLERANCE = { bilinear: 0.1, area: 0.5 };

for (const resampling of ['bilinear', 'area'] as const) {
  test.skipIf(!hasPackages).each([
    ['micro-yolo-coco', 'meadow.jpg'],
    ['micro-yolo-blood-cells', 'cells.jpg'],
  ])(`forty lines of Python find what %s finds in %s by ${resampling}${needs}`, async (name, picture) => {
    const model = await readModel(path(`models/${name}.safetensors`));
    const file = join(folder, `${name}-${resampling}.safetensors`);
    await writeModel(file, { ...model, recipe: { ...model.recipe, resampling } });
    const out = file.replace('.safetensors', '.onnx');
    await exportModel({ model: file, format: 'onnx', out });
    await using detector = await loadDetector(file);
    const image = path(`docs/images/${picture}`);
    const expected = await detector.detect(image);
    const lines = execFileSync(python, [SCRIPT, out, image], { encoding: 'utf8' }).trim().split('\n');
    const found = lines.map((line) => JSON.parse(line) as Found);
    expect(found.map(({ label }) => label)).toEqual(expected.map(({ label }) => label));
    expect(found.length).toBeGreaterThan(1);
    found.forEach(({ box, score }, index) => {
      const { box: own, score: ownScore } = expected[index]!;
      for (const at of [0, 1, 2, 3])
        expect(Math.abs(box[at]! - own[at]!)).toBeLessThan(TOLERANCE[resampling]);
      expect(score).toBeCloseTo(ownScore, 3);
    });
  });
}

test('the script has at most forty lines, and the page shows it verbatim', () => {
  const script = readFileSync(SCRIPT, 'utf8');
  expect(script.trim().split('\n').length).toBeLessThanOrEqual(40);
  expect(readFileSync(path('docs/exporting.md'), 'utf8')).toContain(script);
});
