import { expect, test } from 'vitest';
import { selectClasses } from '../../src/inference/select-classes.ts';

test("a label selects its class by COCO's name or by Darknet's, whichever the model has", () => {
  expect(selectClasses(['aeroplane', 'tv'], ['airplane', 'dog', 'tvmonitor'])).toEqual([true, false, true]);
});

test('a label that the model has does not select a synonym as well', () => {
  expect(selectClasses(['sofa'], ['couch', 'sofa'])).toEqual([false, true]);
});

test('a label that the model does not know is refused with the nearest', () => {
  expect(() => selectClasses(['dgo'], ['dog', 'cat'])).toThrow(
    /class "dgo": the model does not know it.*dog/,
  );
});
