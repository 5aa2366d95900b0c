import { expect, test } from 'vitest';
import { selectClasses } from '../../../src/foundation/classes/select-classes.ts';

const known = ['person', 'dog', 'fork, knife', 'a "b"', ' spaced ', '12" pipe'];

test.each<readonly [selection: readonly string[], classes: readonly string[]]>([
  [['person'], ['person']],
  [['person,dog'], ['person', 'dog']],
  [[' person , dog ,'], ['person', 'dog']],
  [
    ['person', 'dog'],
    ['person', 'dog'],
  ],
  [['fork, knife'], ['fork, knife']],
  [['"fork, knife",dog'], ['fork, knife', 'dog']],
  [
    ['fork, knife', 'dog,person'],
    ['fork, knife', 'dog', 'person'],
  ],
  [['"a ""b"""'], ['a "b"']],
  [['a "b"'], ['a "b"']],
  [[' spaced '], [' spaced ']],
  [['12" pipe, dog'], ['12" pipe', 'dog']],
  [['dog,dog', 'dog'], ['dog']],
  [['Person,DOG'], ['person', 'dog']],
])('%j selects %j', (selection, classes) => {
  expect(selectClasses(selection, known, 'the model')).toEqual(classes);
});

test.each([
  [['dgo'], 'class "dgo": the model does not have it; did you mean dog?'],
  [['person,dgo'], 'class "dgo": the model does not have it; did you mean dog?'],
  [
    ['giraffe'],
    'class "giraffe": the model does not have it; it has person, dog, fork, knife, a "b",  spaced , 12" pipe',
  ],
  [[','], 'classes: empty, expected class names'],
  [[], 'classes: empty, expected class names'],
])('%j is refused', (selection, message) => {
  expect(() => selectClasses(selection, known, 'the model')).toThrow(message);
});

test('selects a class by its COCO or Darknet name, whichever is known', () => {
  expect(selectClasses(['aeroplane', 'tv'], ['airplane', 'dog', 'tvmonitor'], 'the model')).toEqual([
    'airplane',
    'tvmonitor',
  ]);
  expect(selectClasses(['sofa,potted plant'], ['pottedplant', 'couch'], 'the model')).toEqual([
    'couch',
    'pottedplant',
  ]);
});

test('a known name does not also select a synonym', () => {
  expect(selectClasses(['sofa'], ['couch', 'sofa'], 'the model')).toEqual(['sofa']);
});
