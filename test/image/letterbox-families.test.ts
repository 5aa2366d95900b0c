import { expect, test } from 'vitest';
import { inputFor, placeImage, toInput, toOriginal } from '../../src/image/letterbox.ts';
import type { Letterbox } from '../../src/image/recipe/recipe.ts';

const input = { width: 416, height: 416 };
const original = { width: 97, height: 61 };
const corner: Letterbox = { align: 'corner', rounding: 'floor', unscale: 'ratio' };

test('corner placement puts the border on the right and below, and rounds sides down', () => {
  const { left, top, width, height } = placeImage(original, input, 'letterbox', corner);
  // 61 · 416 / 97 = 261.6
  expect([left, top, width, height]).toEqual([0, 0, 416, 261]);
});

test('boxes are mapped back by the ratio before rounding', () => {
  const placement = placeImage(original, input, 'letterbox', corner);
  const [, , , bottom] = toOriginal([0, 0, 416, (61 * 416) / 97], placement);
  expect(bottom).toBeCloseTo(61, 9);
});

test('exact margins are those before rounding', () => {
  const exact: Letterbox = { align: 'center', rounding: 'half-even', unscale: 'exact' };
  const placement = placeImage(original, input, 'letterbox', exact);
  const [, top] = toInput([0, 0, 97, 61], placement);
  expect(top).toBeCloseTo((416 - (61 * 416) / 97) / 2, 9);
});

test('a share leaves a border on all sides', () => {
  const nas: Letterbox = { align: 'center', rounding: 'half-even', unscale: 'ratio', share: 636 / 640 };
  const placement = placeImage({ width: 1280, height: 640 }, { width: 640, height: 640 }, 'letterbox', nas);
  expect([placement.left, placement.top, placement.width, placement.height]).toEqual([2, 161, 636, 318]);
});

test('the shorter side gets its length unless the longer one would exceed its limit', () => {
  const shortest: Letterbox = { align: 'corner', rounding: 'half-up', unscale: 'sides', longest: 1333 };
  const side = { width: 800, height: 800 };
  const usual = placeImage({ width: 640, height: 480 }, side, 'shortest', shortest);
  expect([usual.width, usual.height]).toEqual([1066, 800]);
  const long = placeImage({ width: 2000, height: 500 }, side, 'shortest', shortest);
  expect([long.width, long.height]).toEqual([1333, 333]);
});

test('a flexible input is padded to multiples', () => {
  const padded: Letterbox = { ...corner, multiple: 32 };
  const placement = placeImage({ width: 640, height: 480 }, { width: 800, height: 800 }, 'shortest', padded);
  expect(inputFor(placement, input, 'shortest', padded)).toEqual({ width: 1088, height: 800 });
});
