import { describe, expect, test } from 'vitest';
import { classColor, luminance, textColor } from '../../src/drawing/palette.ts';

const classIds = Array.from({ length: 80 }, (_, classId) => classId);

/** WCAG 2 contrast ratio of two colors, 1–21. */
function contrast(a: string, b: string): number {
  const [darker, lighter] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

describe('classColor', () => {
  test('the first classes have the colors of Okabe and Ito', () => {
    expect(classIds.slice(0, 7).map(classColor)).toEqual([
      '#e69f00',
      '#56b4e9',
      '#009e73',
      '#f0e442',
      '#0072b2',
      '#d55e00',
      '#cc79a7',
    ]);
  });

  test('thirteen consecutive classes have thirteen colors', () => {
    for (const first of classIds) {
      const colors = Array.from({ length: 13 }, (_, i) => classColor(first + i));
      expect(new Set(colors).size).toBe(13);
    }
  });

  test.each([0, 79, 1000])('class %i has a color with six hexadecimal digits', (classId) => {
    expect(classColor(classId)).toMatch(/^#[0-9a-f]{6}$/);
  });
});

describe('luminance', () => {
  // Values of https://www.w3.org/TR/WCAG22/#dfn-relative-luminance.
  test.each([
    ['#000000', 0],
    ['#ffffff', 1],
    ['#ff0000', 0.2126],
    ['#00ff00', 0.7152],
    ['#0000ff', 0.0722],
    ['#808080', 0.21586],
  ])('of %s is %f', (color, expected) => {
    expect(luminance(color)).toBeCloseTo(expected, 4);
  });
});

describe('textColor', () => {
  test.each([...new Set(classIds.map(classColor))])('text on %s has a contrast of at least 4.5', (color) => {
    expect(contrast(color, textColor(color))).toBeGreaterThanOrEqual(4.5);
  });

  test('text is black or white, whichever has more contrast', () => {
    for (let gray = 0; gray < 256; gray++) {
      const color = `#${gray.toString(16).padStart(2, '0').repeat(3)}`;
      const other = textColor(color) === '#000000' ? '#ffffff' : '#000000';
      expect(contrast(color, textColor(color))).toBeGreaterThanOrEqual(contrast(color, other));
    }
  });
});
