import { expect, test } from 'vitest';
import { describeUndrawable, undrawableTexts } from '../../src/drawing/glyphs.ts';
import { describeDrawing } from './canvas-packages.ts';

describeDrawing('undrawableTexts', (name) => {
  test('can draw names in scripts of the font', async () => {
    expect(await undrawableTexts(['dog', 'Köter', 'собака', 'σκύλος', 'a → b'], [name])).toEqual(new Set());
  });

  test('cannot draw a name with a character that no font has', async () => {
    // Not assigned in Unicode, in the basic plane and beyond.
    const texts = ['dog', 'dog \u0378', '\u{3FF00}'];
    expect(await undrawableTexts(texts, [name])).toEqual(new Set(texts.slice(1)));
  });
});

test('an undrawable name is reported in one line with the remedy', () => {
  expect(describeUndrawable(new Set(['猫', '犬']))).toMatch(
    /^2 class names \(猫, 犬\) have characters that no installed font has, .+; install a font that has them/,
  );
  expect(describeUndrawable(new Set())).toBeUndefined();
});
