import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../../src/graph/builder.ts';
import { chooseHighest, EXCLUDED } from '../../../src/training/assigners/dynamic/choose-highest.ts';
import { settle } from '../../../src/training/assigners/dynamic/settle.ts';
import { runGraph } from '../../graph/run-graph.ts';

/** Chooses from rows of numbers, [1, M, P]. */
async function chosen(rows: readonly (readonly number[])[], counts: readonly number[], most: number) {
  const graph = new GraphBuilder();
  const shape = [1, rows.length, rows[0]!.length];
  const scores = graph.input('scores', shape);
  const k = graph.input('k', [1, rows.length, 1]);
  const choice = chooseHighest(graph, scores, k, most);
  graph.output('chosen', choice);
  graph.output('owner', settle(graph, choice, scores));
  const outputs = await runGraph(
    { graph: graph.build(), tensors: new Map() },
    {
      scores: { shape, data: Float32Array.from(rows.flat()) },
      k: { shape: [1, rows.length, 1], data: Float32Array.from(counts) },
    },
  );
  const table = (name: string) =>
    rows.map((row, index) =>
      Array.from(outputs[name]!.data.slice(index * row.length, (index + 1) * row.length)),
    );
  return { chosen: table('chosen'), owner: table('owner') };
}

describe('chooseHighest', () => {
  test('takes the requested number from each row', async () => {
    const row = [0.5, -2, 7, 3, -1e5];
    const found = await chosen([row, row, row], [1, 3, 5], 5);
    expect(found.chosen).toEqual([
      [0, 0, 1, 0, 0],
      [1, 0, 1, 1, 0],
      [1, 1, 1, 1, 1],
    ]);
  });

  test('takes the first of equals, and no more than requested', async () => {
    const found = await chosen(
      [
        [3, 5, 3, 3],
        [2, 2, 2, 2],
        [0, 0, 4, 4],
      ],
      [3, 2, 1],
      3,
    );
    expect(found.chosen).toEqual([
      [1, 1, 1, 0],
      [1, 1, 0, 0],
      [0, 0, 1, 0],
    ]);
  });

  test('takes fewer if the rest is excluded', async () => {
    const found = await chosen(
      [
        [EXCLUDED, 1, EXCLUDED],
        [EXCLUDED, EXCLUDED, EXCLUDED],
      ],
      [2, 3],
      3,
    );
    expect(found.chosen).toEqual([
      [0, 1, 0],
      [0, 0, 0],
    ]);
  });
});

describe('settle', () => {
  test('gives a prediction to the row that prefers it most, or the first of equals', async () => {
    const found = await chosen(
      [
        [5, 1, 4],
        [6, 2, 4],
        [6, 0, 3],
      ],
      [2, 2, 2],
      2,
    );
    // The first row wants places 0 and 2, and so do the others.
    expect(found.owner).toEqual([
      [0, 0, 1],
      [1, 0, 0],
      [0, 0, 0],
    ]);
  });

  test('considers only rows that chose the prediction', async () => {
    const found = await chosen(
      [
        [1, 0, 0],
        [2, 9, 0],
      ],
      [1, 1],
      1,
    );
    expect(found.owner).toEqual([
      [1, 0, 0],
      [0, 1, 0],
    ]);
  });
});
