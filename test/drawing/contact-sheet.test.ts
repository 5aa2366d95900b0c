import { expect, test } from 'vitest';
import { drawContactSheet } from '../../src/drawing/contact-sheet.ts';
import { whiteRectangle } from '../image/pictures.ts';

const picture = (title: string) => ({
  title,
  image: whiteRectangle(40, 20, [0, 0, 40, 20]),
  boxes: [],
});

test('arranges five images in three columns and two rows', async () => {
  const { width, height } = await drawContactSheet(['a', 'b', 'c', 'd', 'e'].map(picture), 50);
  expect([width, height]).toEqual([12 + 3 * 62, 12 + 2 * (50 + 22 + 12)]);
});

test('centers an image in its cell', async () => {
  const canvas = await drawContactSheet([picture('a')], 50);
  const { data } = canvas.getContext('2d').getImageData(12, 12, 50, 50);
  const level = (x: number, y: number) => data[4 * (50 * y + x)];
  expect([level(4, 25), level(5, 25), level(44, 25), level(45, 25)]).toEqual([240, 255, 255, 240]);
  expect([level(25, 14), level(25, 15), level(25, 34), level(25, 35)]).toEqual([240, 255, 255, 240]);
});

test('keeps a long title in its cell', async () => {
  const canvas = await drawContactSheet([picture('folder/'.repeat(40)), picture('b')], 50);
  const { data } = canvas.getContext('2d').getImageData(62, 62, 12, 22);
  expect(data.every((level) => level > 200)).toBe(true);
});
