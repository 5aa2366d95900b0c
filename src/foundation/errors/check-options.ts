import { checkChoice, checkRange } from './check-range.ts';
import { didYouMean } from './did-you-mean.ts';
import { type ErrorDetails, MicroYoloError, printableValue } from './errors.ts';
import type { OptionKind, OptionRow } from './option-row.ts';

/** The kind of every option of an interface, and whether it is required. A missing option is a compile error. */
export type OptionKinds<Options> = {
  readonly [Name in keyof Required<Options>]: Record<never, never> extends Pick<Options, Name>
    ? OptionKind | OptionRow
    : `required ${OptionKind}` | (OptionRow & { readonly required: true });
};

const EXPECTED: Readonly<Record<OptionKind, string>> = {
  number: 'a number',
  numbers: 'a list of numbers',
  boolean: 'true or false',
  string: 'a string',
  strings: 'a list of strings',
  size: 'a side in pixels, or { width, height }',
  function: 'a function',
  object: 'an object',
  any: 'a value',
};

function isSize(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { width, height } = value as { readonly width?: unknown; readonly height?: unknown };
  return typeof width === 'number' && typeof height === 'number';
}

function isOf(kind: OptionKind, value: unknown): boolean {
  switch (kind) {
    case 'any':
      return true;
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'numbers':
    case 'strings':
      return Array.isArray(value) && value.every((item) => typeof item === kind.slice(0, -1));
    case 'size':
      return typeof value === 'number' || isSize(value);
    default:
      return typeof value === kind;
  }
}

type Known = OptionKind | `required ${OptionKind}` | OptionRow;

function rowOf(known: Known): Omit<OptionRow, 'about' | 'required'> & { readonly required?: boolean } {
  if (typeof known === 'object') return known;
  const kind = known.replace('required ', '') as OptionKind;
  return { kind, required: kind !== known };
}

/**
 * Checks that `options` is an object with only known options, each undefined or of its kind. Also checks the ranges and
 * choices that an option table states.
 * @param what name of the options, for messages: `detect options`
 * @throws MicroYoloError `invalid-argument` with the option, its value and the expectation
 */
export function checkOptions<Options extends object>(
  what: string,
  options: Options,
  kinds: OptionKinds<Options>,
): void {
  const fail = (message: string, details?: ErrorDetails) =>
    new MicroYoloError('invalid-argument', message, details);
  if (!isOf('object', options)) throw fail(`${what} ${printableValue(options)}: expected an object`);
  const known = kinds as Readonly<Record<string, Known>>;
  const given = options as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(known, name)) continue;
    const near = didYouMean(name, Object.keys(known)) ?? `; expected ${Object.keys(known).join(', ')}`;
    throw fail(`${what}: unknown option ${JSON.stringify(name)}${near}`, {
      field: name,
      received: given[name],
    });
  }
  for (const [name, written] of Object.entries(known)) {
    const { kind, required, range, whole, choices } = rowOf(written);
    const value = given[name];
    if (value === undefined ? required : !isOf(kind, value)) {
      const expected = EXPECTED[kind];
      throw fail(`${name} ${printableValue(value)}: expected ${expected}`, {
        field: name,
        received: value,
        expected,
      });
    }
    if (value === undefined) continue;
    if (range) checkRange(name, value as number, ...range, whole);
    if (choices) for (const one of [value].flat()) checkChoice(name, one as string, choices);
  }
}
