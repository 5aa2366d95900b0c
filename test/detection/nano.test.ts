import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { type Detection, loadDetector } from '../../src/detection/detector.ts';
import { decodeImage } from '../../src/image/decode.ts';
import { resampleBilinear } from '../../src/image/resample/bilinear.ts';
import { readDarknet } from '../../src/models/formats/darknet/read.ts';
import type { Model } from '../../src/models/model.ts';
import { describeWithData } from '../data-folder.ts';
import {
  type Golden,
  goldenInput,
  headOutput,
  largestDifference,
  openCvRows,
  readGolden,
  runNetwork,
  selectRows,
} from '../models/formats/darknet/goldens.ts';

type Expected = readonly [label: string, score: number, box: readonly number[]];

/** Largest difference from OpenCV over the rows in the golden file. */
async function differenceFrom(
  golden: Golden,
  { network, weights }: Model,
  input: Float32Array,
): Promise<number> {
  const logits = await runNetwork(network, weights, input);
  const differences = golden.outputs.map(({ layer, shape, rows, values }) => {
    const ours = openCvRows(headOutput(network, layer, logits.get(layer)!), network);
    return largestDifference(selectRows(ours, shape[1]!, rows!), values);
  });
  return Math.max(...differences);
}

/** The network's input for a photo: [3, height, width], 0–1. */
async function photograph(path: string, [, height, width]: Model['network']['input']): Promise<Float32Array> {
  const { data } = resampleBilinear(await decodeImage(path), { width, height });
  const area = height * width;
  return Float32Array.from(
    { length: 3 * area },
    (_, i) => data[3 * (i % area) + Math.floor(i / area)]! / 255,
  );
}

describeWithData('MobileNetV2-YOLOv3-Nano', (folder) => {
  const cfg = join(folder, 'darknet/MobileNetV2-YOLOv3-Nano-coco.cfg');
  const dog = join(folder, 'photos/dog.jpg');
  let model: Model;
  let detections: readonly Detection[];
  let expected: readonly Expected[];

  beforeAll(async () => {
    ({ model } = await readDarknet(cfg));
    await using detector = await loadDetector(model);
    detections = await detector.detect(dog);
    const reference = JSON.parse(readFileSync(join(folder, 'darknet/reference.json'), 'utf8'));
    expected = reference['dog.jpg, stretch 320, score > 0.25'];
  });

  it('finds the four objects in dog.jpg that OpenCV finds, best first', () => {
    expect(detections.map(({ label }) => label)).toEqual(expected.map(([label]) => label));
  });

  it('scores them within 0.005', () => {
    const differences = expected.map(([, score], i) => Math.abs(detections[i]!.score - score));
    expect(Math.max(...differences)).toBeLessThan(0.005);
  });

  it('places them within a pixel', () => {
    const differences = expected.flatMap(([, , box], i) =>
      box.map((value, side) => Math.abs(detections[i]!.box[side]! - value)),
    );
    expect(Math.max(...differences)).toBeLessThan(1);
  });

  it("agrees with OpenCV's 40 best rows of noise within 1e-4", async () => {
    const golden = readGolden('nano-noise');
    expect(await differenceFrom(golden, model, goldenInput(golden, model.network))).toBeLessThan(1e-4);
  });

  it("agrees with OpenCV's 40 best rows of dog.jpg within 2e-2, including decoding and resizing", async () => {
    const input = await photograph(dog, model.network.input);
    expect(await differenceFrom(readGolden('nano-dog'), model, input)).toBeLessThan(2e-2);
  });
});
