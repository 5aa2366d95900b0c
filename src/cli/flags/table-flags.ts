import type { Command } from 'commander';
import { Option } from 'commander';
import type { OptionRow } from '../../foundation/errors/option-row.ts';

type Rows = Readonly<Record<string, OptionRow>>;

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** An option's flag without its dashes: `score-threshold`. */
export function flagName(name: string, { flag }: OptionRow): string {
  return flag?.name ?? kebab(name);
}

/** The flags of a table's options, such as `--score-threshold`. */
export function flagsOfTable(rows: Rows): readonly string[] {
  return Object.entries(rows)
    .filter(([, { flag }]) => flag !== undefined)
    .map(([name, row]) => `--${flagName(name, row)}`);
}

function described({ about, choices, default: value, otherwise }: OptionRow): string {
  const words = choices ? `${about}: ${choices.join(', ')}` : about;
  const standard = otherwise ?? (value === false ? undefined : value?.toString());
  return standard === undefined ? words : `${words} (default: ${standard})`;
}

/** Flags whose names differ from their options', by command and option. */
const RENAMED = new WeakMap<Command, Map<string, string>>();

/** The flag that sets an option, if its name differs from the option's. */
export function renamedFlag(command: Command, option: string): string | undefined {
  return RENAMED.get(command)?.get(option);
}

/** Adds the flags of a table's options to a command. Sets no default values: the library does. */
export function addFlags(command: Command, rows: Rows): Command {
  const renamed = RENAMED.get(command) ?? new Map<string, string>();
  RENAMED.set(command, renamed);
  for (const [name, row] of Object.entries(rows)) {
    const { flag, kind, required } = row;
    if (!flag) continue;
    if (flag.name !== undefined) renamed.set(name, flag.name);
    const long = `--${flagName(name, row)}${flag.value ? ` ${flag.value}` : ''}`;
    const option = new Option(flag.short ? `-${flag.short}, ${long}` : long, described(row));
    if (flag.preset !== undefined) option.preset(flag.preset);
    option.makeOptionMandatory(required ?? false);
    if (kind === 'strings' && !flag.list)
      option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
    command.addOption(option);
  }
  return command;
}

/** The flags that the user passed, such as `--score-threshold`. */
export function givenFlags(command: Command): readonly string[] {
  return command.options
    .filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli')
    .map((option) => option.long ?? option.flags);
}
