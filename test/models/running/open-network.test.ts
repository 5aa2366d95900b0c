import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Detection, type Detector, loadDetector } from '../../../src/detection/detector.ts';
import { RUNTIMES, type RuntimeName } from '../../../src/executors/names.ts';
import { readDarknet } from '../../../src/models/formats/darknet/read.ts';
import type { Model } from '../../../src/models/model.ts';
import { describeWithData } from '../../data-folder.ts';
import { tinyModel } from '../tiny-model.ts';

/** Photos for comparing runtimes. */
const PHOTOGRAPHS = 20;

const others = RUNTIMES.filter((runtime) => runtime !== 'onnx');
/** The reason why a runtime is not available on this machine. */
const absent = new Map<RuntimeName, string>();
for (const runtime of others) {
  await loadDetector(tinyModel(), { runtime }).then(
    (detector) => detector[Symbol.asyncDispose](),
    (error: Error) => absent.set(runtime, error.message),
  );
}
for (const message of absent.values()) console.warn(`not tested: ${message}`);

describe.each(others)('the runtime %s', (runtime) => {
  test.skipIf(absent.has(runtime))('describes itself and finds what ONNX Runtime finds', async () => {
    const pixels = { data: new Uint8Array(64 * 64 * 3).map((_, i) => (i * 37) % 251), width: 64, height: 64 };
    const found = async (name: RuntimeName) => {
      await using detector = await loadDetector(tinyModel(), {
        runtime: name,
        threads: name === 'onnx' ? 1 : undefined,
      });
      expect(detector.runtime).toContain(`${name.split('-')[0]} on `);
      return await detector.detect(pixels, { scoreThreshold: 0.1 });
    };
    const expected = await found('onnx');
    expect(expected.length).toBeGreaterThan(3);
    expectSame(await found(runtime), expected);
  });

  test.skipIf(!absent.has(runtime))('says what it needs if it is missing', () => {
    expect(absent.get(runtime)).toMatch(/install/);
  });
});

/** Compares boxes within 1e-3 px and scores within 1e-4, in the same order except for scores that close. */
function expectSame(found: readonly Detection[], expected: readonly Detection[]): void {
  expect(found.length).toBe(expected.length);
  for (const { classId, score, box } of expected) {
    const close = found.some(
      (other) =>
        other.classId === classId &&
        Math.abs(other.score - score) < 1e-4 &&
        other.box.every((side, place) => Math.abs(side - box[place]!) < 1e-3),
    );
    expect(close, JSON.stringify({ classId, score, box, found })).toBe(true);
  }
}

describeWithData('MobileNetV2-YOLOv3-Nano', (folder) => {
  const photographs = ['photos', 'coco-mini/val']
    .flatMap((place) => readdirSync(join(folder, place)).map((name) => join(folder, place, name)))
    .filter((path) => path.endsWith('.jpg'))
    .slice(0, PHOTOGRAPHS);
  let model: Model;
  let reference: Detector;
  beforeAll(async () => {
    ({ model } = await readDarknet(join(folder, 'darknet/MobileNetV2-YOLOv3-Nano-coco.cfg')));
    reference = await loadDetector(model, { threads: 1 });
  });
  afterAll(() => reference[Symbol.asyncDispose]());

  test.for(others)(
    'finds the same in photos on %s as on ONNX Runtime',
    // Vulkan in software takes seconds per photo.
    { timeout: 600_000 },
    async (runtime, { skip }) => {
      skip(absent.has(runtime), `${runtime} is missing`);
      await using detector = await loadDetector(model, { runtime });
      let total = 0;
      for (const path of photographs) {
        const expected = await reference.detect(path, { scoreThreshold: 0.1, clip: false });
        expectSame(await detector.detect(path, { scoreThreshold: 0.1, clip: false }), expected);
        total += expected.length;
      }
      expect(photographs.length).toBe(PHOTOGRAPHS);
      expect(total).toBeGreaterThan(PHOTOGRAPHS);
    },
  );
});
