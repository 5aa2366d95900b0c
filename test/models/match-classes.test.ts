import { expect, test } from 'vitest';
import { describeMatch, matchClasses } from '../../src/models/match-classes.ts';

test.each([
  ['another order', ['bird', 'cat', 'dog'], ['cat', 'dog', 'bird'], [2, 0, 1]],
  ['one more', ['cat', 'fox', 'dog'], ['cat', 'dog'], [0, undefined, 1]],
  ['other names', ['yak', 'emu'], ['cat', 'dog'], [undefined, undefined]],
  ['synonyms', ['sofa', 'tv', 'airplane'], ['aeroplane', 'tvmonitor', 'couch'], [2, 1, 0]],
  ['a synonym next to the exact name', ['sofa', 'couch'], ['couch', 'sofa'], [1, 0]],
  ['another case', ['Cat'], ['cat'], [undefined]],
  ['repeated names', ['thing', 'thing', 'thing'], ['thing', 'thing'], [0, 1, undefined]],
  ['an equal count of numbered names', ['cat', 'dog'], ['class 0', 'class 1'], [0, 1]],
  ['another count of numbered names', ['cat'], ['class 0', 'class 1'], [undefined]],
  ['numbered names on both sides', ['class 1', 'class 0'], ['class 0', 'class 1'], [1, 0]],
] as const)('matches classes by name: %s', (_, classes, others, places) => {
  expect(matchClasses(classes, others).places).toEqual(places);
});

test.each([
  [['cat', 'dog', 'fish'], ['dog', 'cat'], '2 of 3 classes taken by name from a.cfg: cat, dog; new: fish'],
  [
    ['sofa'],
    ['cat', 'couch'],
    '1 of 1 classes taken by name from a.cfg: sofa (named couch there); left out: cat',
  ],
  [['yak'], ['cat'], '0 of 1 classes taken by name from a.cfg; new: yak; left out: cat'],
  [
    ['yak'],
    ['class 0'],
    '1 class taken by position from a.cfg, because its classes have no names: class 0 = yak',
  ],
] as const)('one line says what was taken: for %j from %j', (classes, others, line) => {
  expect(describeMatch(matchClasses(classes, others), classes, others, 'a.cfg')).toBe(line);
});
