import { MicroYoloError, printableValue } from './errors.ts';
import { didYouMean } from './files.ts';

/** What an option may be, for callers whose types nobody checked. */
export type OptionKind = 'number' | 'boolean' | 'string' | 'strings' | 'function' | 'object' | 'any';

/** The kind of every option of an interface: one that is forgotten does not compile. */
export type OptionKinds<Options> = { readonly [Name in keyof Required<Options>]: OptionKind };

const EXPECTED: Readonly<Record<OptionKind, string>> = {
  number: 'a number',
  boolean: 'true or false',
  string: 'a text',
  strings: 'a list of texts',
  function: 'a function',
  object: 'an object',
  any: 'a value',
};

function isOf(kind: OptionKind, value: unknown): boolean {
  switch (kind) {
    case 'any':
      return true;
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'strings':
      return Array.isArray(value) && value.every((item) => typeof item === 'string');
    default:
      return typeof value === kind;
  }
}

/**
 * Checks that options are an object of known names, each undefined or of its type. Ranges are checked by those who know.
 * @param what the options are, for messages: `detect options`
 * @throws MicroYoloError `invalid-argument` naming the option, its value and what is expected
 */
export function checkOptions<Options extends object>(
  what: string,
  options: Options,
  kinds: OptionKinds<Options>,
): void {
  const fail = (message: string) => new MicroYoloError('invalid-argument', message);
  if (!isOf('object', options)) throw fail(`${what} ${printableValue(options)}: expected an object`);
  const known = kinds as Readonly<Record<string, OptionKind>>;
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(known, name)) {
      const near = didYouMean(name, Object.keys(known)) ?? `; expected ${Object.keys(known).join(', ')}`;
      throw fail(`${what}: unknown option ${JSON.stringify(name)}${near}`);
    }
    const kind = known[name]!;
    if (value !== undefined && !isOf(kind, value)) {
      throw fail(`${name} ${printableValue(value)}: expected ${EXPECTED[kind]}`);
    }
  }
}
