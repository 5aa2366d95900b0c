import * as z from 'zod';
import type { OptionRow } from '../../foundation/errors/option-row.ts';
import { integerFlag, listFlag, numberFlag, parseFlags, sizeFlag, textsFlag } from './read-flags.ts';
import { flagName } from './table-flags.ts';

/** Commander's name for a flag's value: `scoreThreshold` for `--score-threshold`. */
const attribute = (flag: string) => flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

function schemaOf({
  kind,
  range: [least, most] = [-Infinity, Infinity],
  whole,
  choices,
  flag,
}: OptionRow): z.ZodType {
  if (kind === 'number') return whole ? integerFlag(least, most) : numberFlag(least, most);
  if (kind === 'boolean') return z.boolean();
  if (kind === 'size') return sizeFlag;
  const some = kind === 'strings' ? 'some of ' : '';
  const one = choices ? z.enum(choices, `expected ${some}${choices.join(', ')}`) : z.string();
  if (kind !== 'strings') return one;
  return flag?.list ? listFlag.pipe(z.array(one)) : textsFlag;
}

/**
 * Converts a command's flags to options. Commander has already checked that the required ones are present.
 * @param rows option tables; rows without flags are ignored
 * @param own schemas of the command's other flags, by commander's names
 * @throws MicroYoloError `invalid-argument` with the flag, its value and the expectation
 */
export function readFlags<Options, Own extends z.ZodRawShape>(
  rows: Readonly<Record<string, OptionRow>>,
  own: Own,
  raw: Record<string, unknown>,
): { readonly options: Options; readonly own: z.output<z.ZodObject<Own>> } {
  const flagged = Object.entries<OptionRow>(rows).filter(([, { flag }]) => flag !== undefined);
  const named = flagged.map(([name, row]) => [name, attribute(flagName(name, row)), row] as const);
  const shape = Object.fromEntries(named.map(([, written, row]) => [written, schemaOf(row).optional()]));
  const parsed = parseFlags(z.strictObject({ ...shape, ...own }), raw) as Record<string, unknown>;
  const options = named.flatMap(([name, written]) => (written in parsed ? [[name, parsed[written]]] : []));
  const rest = Object.keys(own).map((name) => [name, parsed[name]]);
  return {
    options: Object.fromEntries(options) as Options,
    own: Object.fromEntries(rest) as z.output<z.ZodObject<Own>>,
  };
}
