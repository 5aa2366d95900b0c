import { expect, test } from 'vitest';
import { assign } from '../../../src/boxes/tracking/assign.ts';
import { uniformRandom } from '../../../src/foundation/random.ts';

/** The least sum of costs, found by trying all assignments; whatever stays alone costs half of the limit. */
function leastSum(cost: readonly (readonly number[])[], columns: readonly number[], limit: number): number {
  const [row, ...rest] = cost;
  if (!row) return (columns.length * limit) / 2;
  const alone = limit / 2 + leastSum(rest, columns, limit);
  const paired = columns.map(
    (column) =>
      row[column]! +
      leastSum(
        rest,
        columns.filter((other) => other !== column),
        limit,
      ),
  );
  return Math.min(alone, ...paired);
}

test('finds the minimum, and pairs or leaves over everything exactly once', () => {
  const random = uniformRandom(11);
  for (let round = 0; round < 400; round++) {
    const [rows, columns] = [Math.floor(random() * 6), Math.floor(random() * 6)];
    const isCoarse = random() < 0.5;
    const cost = Array.from({ length: rows }, () =>
      Array.from({ length: columns }, () => (isCoarse ? Math.floor(random() * 5) / 4 : random())),
    );
    const limit = [0.5, 0.7, 0.8, random()][Math.floor(random() * 4)]!;
    const found = assign(cost, columns, limit);
    const sum =
      found.pairs.reduce((total, [row, column]) => total + cost[row]![column]!, 0) +
      ((found.rows.length + found.columns.length) * limit) / 2;
    const all = Array.from({ length: columns }, (_, column) => column);
    expect(sum).toBeCloseTo(leastSum(cost, all, limit), 12);
    expect([...found.pairs.map(([row]) => row), ...found.rows].sort()).toEqual([...cost.keys()]);
    expect([...found.pairs.map(([, column]) => column), ...found.columns].sort()).toEqual(all);
    for (const [row, column] of found.pairs) expect(cost[row]![column]!).toBeLessThanOrEqual(limit);
  }
});

test('leaves everything over without rows or columns', () => {
  expect(assign([], 2, 0.8)).toEqual({ pairs: [], rows: [], columns: [0, 1] });
  expect(assign([[], []], 0, 0.8)).toEqual({ pairs: [], rows: [0, 1], columns: [] });
});
