import { shown } from '../../problems.ts';

/** Key of a record: a number, or text if its id is not a number. */
export type IdKey = number | string;

/** A JSON number. `007` does not match: it may be a different id than 7. */
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i;

/** Whether a value is a number in quotes. */
export function isNumberText(value: unknown): value is string {
  return typeof value === 'string' && NUMBER.test(value.trim());
}

/** Converts a number in quotes to a number. Returns any other value unchanged. */
export function unquoted(value: unknown): unknown {
  return isNumberText(value) ? Number(value) : value;
}

/** Returns the key of an id, or `undefined` if the value is not an id. */
export function idKey(value: unknown): IdKey | undefined {
  const number = unquoted(value);
  if (Number.isSafeInteger(number)) return number as number;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Whether a number is so large that adjacent integers would be read as the same id. */
export function isBeyondPrecision(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
}

/** Error text for an id without a key. */
export function idFault(name: string, value: unknown): string {
  if (!isBeyondPrecision(value)) return `${name} ${shown(value)}, expected a whole number`;
  return `${name} ${shown(value)} is beyond 2^53: precision is lost, so ids could merge; write smaller numbers, or text`;
}
