import { expect, test } from 'vitest';
import { describeUndrawable, undrawableTexts } from '../../src/drawing/glyphs.ts';
import { describeDrawing } from './canvas-packages.ts';

describeDrawing('undrawableTexts', (name) => {
  test('names in scripts of the font can be drawn', async () => {
    expect(await undrawableTexts(['dog', 'Köter', 'собака', 'σκύλος', 'a → b'], [name])).toEqual(new Set());
  });

  test('a character that no font has makes its name undrawable', async () => {
    // Not assigned in Unicode, in the basic plane and beyond it.
    const texts = ['dog', 'dog \u0378', '\u{3FF00}'];
    expect(await undrawableTexts(texts, [name])).toEqual(new Set(texts.slice(1)));
  });
});

test('what cannot be drawn is said in one line with the remedy', () => {
  expect(describeUndrawable(new Set(['猫', '犬']))).toMatch(
    /^2 class names \(猫, 犬\) have characters that no installed font has, .+; install a font that has them/,
  );
  expect(describeUndrawable(new Set())).toBeUndefined();
});
