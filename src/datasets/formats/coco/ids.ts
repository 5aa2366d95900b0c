import { shown } from '../../problems.ts';

/** What a record is found by: its number, or its text if that is no number. */
export type IdKey = number | string;

/** As JSON writes numbers. `007` is none: it may be another id than 7. */
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i;

/** Whether a value is a number in quotes. */
export function isNumberText(value: unknown): value is string {
  return typeof value === 'string' && NUMBER.test(value.trim());
}

/** The number that a text holds; any other value as it is. */
export function unquoted(value: unknown): unknown {
  return isNumberText(value) ? Number(value) : value;
}

/** What an id is found by; `undefined` if it is none. */
export function idKey(value: unknown): IdKey | undefined {
  const number = unquoted(value);
  if (Number.isSafeInteger(number)) return number as number;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Whether an id is so large that its neighbors are read as the same number. */
export function isBeyondPrecision(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
}

/** What is wrong with an id that has no key. */
export function idFault(name: string, value: unknown): string {
  if (!isBeyondPrecision(value)) return `${name} ${shown(value)}, expected a whole number`;
  return `${name} ${shown(value)} is beyond 2^53: precision is lost, so ids could merge; write smaller numbers, or text`;
}
