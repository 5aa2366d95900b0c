import { MicroYoloError } from '../src/index.ts';

/**
 * The numbers that a script is given, in order, options left out: of `npx tsx SCRIPT 5 --save`, 5.
 * @param defaults for those that are not given
 * @throws MicroYoloError `invalid-argument` where one is not a positive number
 */
export function numbers<const Defaults extends readonly number[]>(
  ...defaults: Defaults
): { [Place in keyof Defaults]: number } {
  const given = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
  const values = defaults.map((value, place) => {
    const argument = given[place];
    if (argument === undefined) return value;
    if (Number(argument) > 0) return Number(argument);
    throw new MicroYoloError('invalid-argument', `${argument}: expected a positive number, as ${value}`);
  });
  return values as { [Place in keyof Defaults]: number };
}
