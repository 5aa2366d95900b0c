import { expect, test } from 'vitest';
import type { XyxyPx } from '../../src/boxes/formats.ts';
import { mergeTiles } from '../../src/boxes/merge-tiles.ts';
import { candidatesOf, rowsOf, type Scored } from './nms/any-boxes.ts';

const [WIDTH, HEIGHT] = [200, 100];
const LEFT: XyxyPx = [0, 0, 120, 100];
const RIGHT: XyxyPx = [80, 0, 200, 100];

const merged = (...tiles: readonly (readonly [tile: XyxyPx, ...scored: Scored[]])[]) =>
  rowsOf(
    mergeTiles(
      tiles.map(([tile, ...scored]) => ({ tile, candidates: candidatesOf(scored) })),
      WIDTH,
      HEIGHT,
    ),
  ).map((row) => row.slice(0, 4));

test('drops a box cut by a tile if the next tile has the whole box', () => {
  const whole: XyxyPx = [90, 20, 150, 80];
  const part: XyxyPx = [90, 20, 120, 80];
  expect(merged([LEFT, [part, 0.9, 0]], [RIGHT, [whole, 0.6, 0]])).toEqual([whole]);
});

test('keeps a partial box if no whole box of its class covers it', () => {
  const part: XyxyPx = [90, 20, 120, 80];
  const other: XyxyPx = [90, 20, 150, 80];
  expect(merged([LEFT, [part, 0.9, 0]], [RIGHT, [other, 0.6, 1]])).toEqual([part, other]);
  expect(merged([LEFT, [part, 0.9, 0]], [RIGHT])).toEqual([part]);
});

test('a low-scoring box does not displace a high-scoring partial box', () => {
  const part: XyxyPx = [90, 20, 120, 80];
  const faint: XyxyPx = [90, 20, 150, 80];
  expect(merged([LEFT, [part, 0.9, 0]], [RIGHT, [faint, 0.01, 0]])).toHaveLength(2);
});

test('a box at the edge of the image counts as whole', () => {
  const atEdge: XyxyPx = [0, 0, 40, 100];
  const inside: XyxyPx = [0, 0, 60, 100];
  expect(merged([LEFT, [atEdge, 0.9, 0], [inside, 0.8, 0]])).toEqual([atEdge, inside]);
});
