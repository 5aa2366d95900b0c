import { MicroYoloError, printableValue } from './errors.ts';

/** @throws MicroYoloError `invalid-argument` if a value is not among the known ones */
export function checkChoice(name: string, value: string, known: readonly string[]): void {
  if (known.includes(value)) return;
  const expected = known.join(', ');
  throw new MicroYoloError('invalid-argument', `${name} ${printableValue(value)}: expected ${expected}`, {
    field: name,
    received: value,
    expected,
  });
}

/** @throws MicroYoloError `invalid-argument` if a number is out of its range */
export function checkRange(name: string, value: number, least: number, most: number, whole = false): void {
  if (typeof value === 'number' && value >= least && value <= most && (!whole || Number.isInteger(value)))
    return;
  const expected = `a ${whole ? 'whole ' : ''}number from ${least} to ${most}`;
  throw new MicroYoloError('invalid-argument', `${name} ${printableValue(value)}: expected ${expected}`, {
    field: name,
    received: value,
    expected,
  });
}
