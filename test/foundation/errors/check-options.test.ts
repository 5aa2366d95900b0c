import { expect, test } from 'vitest';
import { checkOptions, type OptionKinds } from '../../../src/foundation/errors/check-options.ts';

interface Options {
  readonly threshold?: number;
  readonly names?: readonly string[];
  readonly clip?: boolean;
}
const kinds: OptionKinds<Options> = { threshold: 'number', names: 'strings', clip: 'boolean' };
const check = (options: unknown) => () => checkOptions('detect options', options as Options, kinds);

test('accepts known options of the right types, and undefined ones', () => {
  expect(check({ threshold: 1, names: ['a'], clip: undefined })).not.toThrow();
});

test.each([
  [{ treshold: 1 }, 'detect options: unknown option "treshold"; did you mean threshold?'],
  [{ color: 1 }, 'detect options: unknown option "color"; expected threshold, names, clip'],
  [{ toString: 1 }, 'detect options: unknown option "toString"; expected threshold, names, clip'],
  [{ threshold: '1' }, 'threshold "1": expected a number'],
  [{ threshold: null }, 'threshold null: expected a number'],
  [{ names: 'dog' }, 'names "dog": expected a list of strings'],
  [{ names: [1] }, 'names [1]: expected a list of strings'],
  [{ clip: 1 }, 'clip 1: expected true or false'],
  [null, 'detect options null: expected an object'],
  [0.5, 'detect options 0.5: expected an object'],
  [['a'], 'detect options ["a"]: expected an object'],
])('%j is refused', (options, message) => {
  expect(check(options)).toThrow(message);
});
