import { MicroYoloError } from '../src/api/index.ts';

/** Options that scripts accept. */
const OPTIONS: readonly string[] = ['--save', '--gpu'];

/**
 * The integer arguments of a script, in order, without options: for `npx tsx SCRIPT 5 --save`, 5.
 * @param defaults for omitted arguments
 * @throws MicroYoloError `invalid-argument` if one is below 1, there are too many, or an option is unknown
 */
export function numbers<const Defaults extends readonly number[]>(
  ...defaults: Defaults
): { [Place in keyof Defaults]: number } {
  const given = process.argv.slice(2);
  const unknown = given.find((argument) => argument.startsWith('--') && !OPTIONS.includes(argument));
  const counts = given.filter((argument) => !argument.startsWith('--'));
  const wrong = counts.find((argument, place) => !/^[1-9]\d*$/.test(argument) || place >= defaults.length);
  const refused = unknown ?? wrong;
  if (refused !== undefined) {
    const expected = `at most ${defaults.length} whole ${defaults.length === 1 ? 'number' : 'numbers'} from 1 on`;
    throw new MicroYoloError(
      'invalid-argument',
      `${refused}: expected ${expected}, or ${OPTIONS.join(', ')}`,
    );
  }
  const values = defaults.map((value, place) => Number(counts[place] ?? value));
  return values as { [Place in keyof Defaults]: number };
}
