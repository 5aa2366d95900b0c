/** What an option may be, for callers whose types nobody checked. */
export type OptionKind =
  | 'number'
  | 'numbers'
  | 'boolean'
  | 'string'
  | 'strings'
  | 'size'
  | 'function'
  | 'object'
  | 'any';

/** How the command line writes an option. */
export interface FlagRow {
  /** Without its dashes. @default the option's name in lower case with dashes */
  readonly name?: string;
  /** One letter, for `-t`. */
  readonly short?: string;
  /** What stands for the value in the help: `<n>`. A flag without it is a switch. */
  readonly value?: string;
  /** What the flag means without its value, which is written `[n]` then. */
  readonly preset?: string;
  /** Whether the value is a list with commas. Else a list's flag is repeated. */
  readonly list?: true;
}

/**
 * All there is to say of an option, once: the library checks by it, and the command line makes its flag of it.
 * Plain data rather than a schema, because `--help` reads it and need not load a schema library.
 */
export interface OptionRow {
  readonly kind: OptionKind;
  readonly required?: true;
  /** One sentence for people, without a period. */
  readonly about: string;
  /** Least and largest value of a number. */
  readonly range?: readonly [least: number, most: number];
  /** Whether a number has no fraction. */
  readonly whole?: true;
  readonly choices?: readonly string[];
  readonly default?: string | number | boolean | readonly string[];
  /** What holds if the option is missing and no one value says it: `the model's`. */
  readonly otherwise?: string;
  /** Missing for options that a program alone can give. */
  readonly flag?: FlagRow;
}

/** A row for every option of an interface, with what else a table says of it: one that is forgotten does not compile. */
export type OptionTable<Options, Extra = unknown> = {
  readonly [Name in keyof Required<Options>]: Record<never, never> extends Pick<Options, Name>
    ? OptionRow & Extra
    : OptionRow & Extra & { readonly required: true };
};

/** Defaults of a table's options that have one. */
export type Defaults<Table> = {
  readonly [Name in keyof Table as Table[Name] extends { readonly default: unknown }
    ? Name
    : never]: Table[Name] extends {
    readonly default: infer Value;
  }
    ? Value
    : never;
};

export function defaultsOf<Table extends Readonly<Record<string, OptionRow>>>(table: Table): Defaults<Table> {
  const rows = Object.entries(table).filter(([, row]) => row.default !== undefined);
  return Object.fromEntries(rows.map(([name, row]) => [name, row.default])) as Defaults<Table>;
}

/** Some rows of a table. */
export function pickRows<Table extends object, Name extends keyof Table>(
  table: Table,
  names: readonly Name[],
): Pick<Table, Name> {
  return Object.fromEntries(names.map((name) => [name, table[name]])) as Pick<Table, Name>;
}

/** Options that are given, those of a table apart from the rest. */
export function splitOptions<Options extends object, Table extends object>(
  options: Options,
  table: Table,
): readonly [Pick<Options, keyof Options & keyof Table>, Omit<Options, keyof Table>] {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const of = (isIn: boolean) =>
    Object.fromEntries(given.filter(([name]) => Object.hasOwn(table, name) === isIn));
  return [of(true) as Pick<Options, keyof Options & keyof Table>, of(false) as Omit<Options, keyof Table>];
}
