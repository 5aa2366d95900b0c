import { expect, test } from 'vitest';
import { canonicalClass, placeOfClass, sameClass } from '../../../src/foundation/classes/class-synonyms.ts';

const PAIRS = [
  ['airplane', 'aeroplane'],
  ['motorcycle', 'motorbike'],
  ['couch', 'sofa'],
  ['potted plant', 'pottedplant'],
  ['dining table', 'diningtable'],
  ['tv', 'tvmonitor'],
] as const;

test.each(PAIRS)('%s and %s are one class, in either order', (official, darknet) => {
  expect(sameClass(official, darknet)).toBe(true);
  expect(sameClass(darknet, official)).toBe(true);
  expect(canonicalClass(darknet)).toBe(official);
  expect(canonicalClass(official)).toBe(official);
});

test('names without a synonym match only if equal', () => {
  expect(sameClass('person', 'person')).toBe(true);
  expect(sameClass('person', 'Person')).toBe(false);
  expect(sameClass('couch', 'tv')).toBe(false);
  expect(canonicalClass('constructor')).toBe('constructor');
});

test.each([
  ['sofa', ['dog', 'couch'], 1],
  ['sofa', ['couch', 'sofa'], 1],
  ['sofa', ['dog'], -1],
])('%s is found among %j by its name, or else by its only synonym', (name, classes, place) => {
  expect(placeOfClass(name, classes)).toBe(place);
});
