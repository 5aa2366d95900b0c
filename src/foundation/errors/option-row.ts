/** Kind of an option's value, checked at run time for callers without types. */
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

/** The command-line flag of an option. */
export interface FlagRow {
  /** Name without leading dashes. @default the option's name in kebab case */
  readonly name?: string;
  /** Letter of the short flag, such as `t` for `-t`. */
  readonly short?: string;
  /** Placeholder for the value in the help, such as `<n>`. A flag without it is a switch. */
  readonly value?: string;
  /** Value of the flag if it is passed without one. The placeholder is then written `[n]`. */
  readonly preset?: string;
  /** Whether the value is a list separated by commas. Otherwise, the flag of a list is repeated. */
  readonly list?: true;
}

/**
 * The single definition of an option: the library checks values against it, and the command line derives the flag.
 * Plain data rather than a schema, so that `--help` does not load a schema library.
 */
export interface OptionRow {
  readonly kind: OptionKind;
  readonly required?: true;
  /** Help text: one sentence without a period. */
  readonly about: string;
  /** Smallest and largest value of a number. */
  readonly range?: readonly [least: number, most: number];
  /** Whether a number must be an integer. */
  readonly whole?: true;
  readonly choices?: readonly string[];
  readonly default?: string | number | boolean | readonly string[];
  /** Description of the default if it is not a fixed value, such as `the model's`. */
  readonly otherwise?: string;
  /** Missing for options that only programs can set. */
  readonly flag?: FlagRow;
}

/** A row for every option of an interface, with extra columns. A missing option is a compile error. */
export type OptionTable<Options, Extra = unknown> = {
  readonly [Name in keyof Required<Options>]: Record<never, never> extends Pick<Options, Name>
    ? OptionRow & Extra
    : OptionRow & Extra & { readonly required: true };
};

/** Default values of a table's options. */
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

/** Selects rows of a table. */
export function pickRows<Table extends object, Name extends keyof Table>(
  table: Table,
  names: readonly Name[],
): Pick<Table, Name> {
  return Object.fromEntries(names.map((name) => [name, table[name]])) as Pick<Table, Name>;
}

/** Splits the defined options into those of a table and the others. */
export function splitOptions<Options extends object, Table extends object>(
  options: Options,
  table: Table,
): readonly [Pick<Options, keyof Options & keyof Table>, Omit<Options, keyof Table>] {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const of = (isIn: boolean) =>
    Object.fromEntries(given.filter(([name]) => Object.hasOwn(table, name) === isIn));
  return [of(true) as Pick<Options, keyof Options & keyof Table>, of(false) as Omit<Options, keyof Table>];
}
