import { describe, expect, test } from 'vitest';
import { type BoxLoss, boxLoss } from '../../../src/training/heads/box-overlap.ts';
import { derivatives, executors, type Numbers } from '../losses/executors.ts';
import { goldens } from '../losses/goldens.ts';

const FIELDS = ['x', 'y', 'width', 'height'] as const;

/** Both boxes of every pair as rows: `x`, `y` … of the predicted one, `true x` … of the other. */
const inputs: Numbers = Object.fromEntries(
  FIELDS.flatMap((field, index) => [
    [field, goldens.boxes.map(({ predicted }) => predicted[index]!)],
    [`true ${field}`, goldens.boxes.map(({ truth }) => truth[index]!)],
  ]),
);

const lossGraph = (kind: BoxLoss) =>
  derivatives(inputs, (graph, given) => {
    const box = (prefix: string) => ({
      x: given[`${prefix}x`]!,
      y: given[`${prefix}y`]!,
      width: given[`${prefix}width`]!,
      height: given[`${prefix}height`]!,
    });
    return boxLoss(graph, kind, box(''), box('true '));
  });

const kinds = ['iou', 'giou', 'diou', 'ciou'] as const satisfies readonly BoxLoss[];

describe.each(executors)('boxLoss by %s', (_, tolerance, run) => {
  test.each(kinds)("has PyTorch's values and gradients for %s", async (kind) => {
    const outputs = await run(lossGraph(kind), inputs);
    goldens.boxes.forEach(({ title, losses }, pair) => {
      const { value, gradient } = losses[kind];
      expect(Math.abs(outputs['values']![pair]! - value), title).toBeLessThan(tolerance);
      const scale = Math.max(1, ...gradient.map(Math.abs));
      FIELDS.forEach((field, index) => {
        const error = Math.abs(outputs[`d ${field}`]![pair]! - gradient[index]!);
        expect(error, `${title}, ${field}`).toBeLessThan(tolerance * scale);
      });
    });
  });

  test.each(kinds)('is finite with finite gradients for %s of empty boxes', async (kind) => {
    const empty = Object.fromEntries(Object.keys(inputs).map((name) => [name, [0, 5]]));
    const nowhere = { ...empty, width: [0, 0], height: [0, 0], 'true width': [0, 0], 'true height': [0, 0] };
    const graph = derivatives(nowhere, (builder, given) =>
      boxLoss(
        builder,
        kind,
        { x: given['x']!, y: given['y']!, width: given['width']!, height: given['height']! },
        {
          x: given['true x']!,
          y: given['true y']!,
          width: given['true width']!,
          height: given['true height']!,
        },
      ),
    );
    const outputs = Object.values(await run(graph, nowhere)).flat();
    expect(outputs.filter((value) => !Number.isFinite(value))).toEqual([]);
  });
});
