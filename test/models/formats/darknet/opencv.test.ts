import { describe, expect, it } from 'vitest';
import { greedyNms } from '../../../../src/boxes/nms/greedy.ts';
import { readDarknetWeights, writeDarknetWeights } from '../../../../src/models/formats/darknet/weights.ts';
import {
  decode,
  fixtureModel,
  fixtureNetwork,
  goldenInput,
  hashedWeights,
  headOutput,
  largestDifference,
  openCvRow,
  openCvRows,
  readGolden,
  runNetwork,
} from './goldens.ts';

/** Tolerance relative to max(1, |value|). */
const TOLERANCE = 1e-4;

async function runFixture(name: string) {
  const { network, weights } = fixtureModel(name);
  const golden = readGolden(name);
  const logits = await runNetwork(network, weights, goldenInput(golden, network));
  const heads = golden.outputs.map((output) => {
    return { output, head: headOutput(network, output.layer, logits.get(output.layer)!) };
  });
  return { network, heads };
}

/** [row, class] of the boxes that our suppression keeps, in ascending order. */
function kept(
  { network, head }: { network: Parameters<typeof decode>[1]; head: Parameters<typeof decode>[0] },
  thresholds: { readonly iouThreshold: number; readonly scoreThreshold: number },
): readonly (readonly number[])[] {
  // At threshold 0 the decoder drops nothing, so the position of a box identifies its row.
  const all = decode(head, network, 0);
  const above = decode(head, network, thresholds.scoreThreshold);
  const places = [...all.scores.keys()].filter((index) => all.scores[index]! > thresholds.scoreThreshold);
  expect(above.count).toBe(places.length);
  return greedyNms(above, { ...thresholds, maxDetections: Number.POSITIVE_INFINITY })
    .map((index) => places[index]!)
    .map((place) => [openCvRow(head, Math.floor(place / head.classes)), place % head.classes] as const)
    .sort(([rowA, classA], [rowB, classB]) => rowA - rowB || classA - classB);
}

describe('OpenCV agrees with our rows', () => {
  it.each(['convolutions', 'pools', 'routes', 'shortcuts', 'squeeze-excite', 'region-sigmoid'])(
    'for %s.cfg',
    async (name) => {
      const { network, heads } = await runFixture(name);
      for (const { output, head } of heads) {
        expect(largestDifference(openCvRows(head, network), output.values)).toBeLessThan(TOLERANCE);
      }
    },
  );

  it('for region.cfg, except for the scores that its suppression sets to 0', async () => {
    const { network, heads } = await runFixture('region');
    const [{ head, output } = expect.fail('no head')] = heads;
    const columns = 5 + head.classes;
    const rows = openCvRows(head, network).map((value, index) => {
      return index % columns >= 5 && output.values[index] === 0 ? 0 : value;
    });
    expect(largestDifference(rows, output.values)).toBeLessThan(TOLERANCE);
  });

  it('for YOLOv3-tiny with 80 classes', async () => {
    const darknet = fixtureNetwork('yolov3-tiny');
    const bytes = writeDarknetWeights(darknet, hashedWeights(darknet));
    expect(bytes.byteLength).toBe(35_434_956);
    const weights = readDarknetWeights(bytes, darknet, 'yolov3-tiny.weights');
    const golden = readGolden('yolov3-tiny');
    const { network } = darknet;
    const logits = await runNetwork(network, weights, goldenInput(golden, network));
    const shapes = golden.outputs.map(({ shape }) => shape);
    expect(shapes).toEqual([
      [27, 85],
      [108, 85],
    ]);
    for (const { layer, values } of golden.outputs) {
      const rows = openCvRows(headOutput(network, layer, logits.get(layer)!), network);
      expect(largestDifference(rows, values)).toBeLessThan(TOLERANCE);
    }
  });
});

it("OpenCV agrees with a classifier's scores", async () => {
  const { network, weights } = fixtureModel('classifier');
  const golden = readGolden('classifier');
  const outputs = await runNetwork(network, weights, goldenInput(golden, network));
  const [{ layer, values } = expect.fail('no output')] = golden.outputs;
  expect(largestDifference(outputs.get(layer)!.data, values)).toBeLessThan(TOLERANCE);
});

describe('OpenCV keeps the boxes that our suppression keeps', () => {
  it.each([0, 1])('in head %i of routes.cfg, above a score', async (index) => {
    const { network, heads } = await runFixture('routes');
    const { head, output } = heads[index]!;
    const { kept: expected, ...thresholds } = output.suppression!;
    expect(kept({ network, head }, thresholds)).toEqual(expected);
  });

  it('in region.cfg, at any score', async () => {
    const { network, heads } = await runFixture('region');
    const [{ head, output } = expect.fail('no head')] = heads;
    const columns = 5 + head.classes;
    const expected = [...output.values.entries()]
      .filter(([index, value]) => index % columns >= 5 && value > 0)
      .map(([index]) => [Math.floor(index / columns), (index % columns) - 5]);
    // The parameters that OpenCV's [region] is built with.
    expect(kept({ network, head }, { iouThreshold: 0.4, scoreThreshold: 0 })).toEqual(expected);
  });
});
