import type { Command } from 'commander';
import { printable } from '../../foundation/errors/errors.ts';
import { replaceOptions } from '../../foundation/errors/named-options.ts';
import { renamedFlag } from './table-flags.ts';

/** The command that this process runs; set once. Messages come from everywhere, and each command has flags of its own. */
let running: Command | undefined;

/** Remembers whose flags messages are to name. */
export function nameFlagsOf(command: Command): void {
  running = command;
}

const shellWord = (value: string | number | boolean) =>
  /^[\w@%+=:,./-]+$/.test(String(value)) ? String(value) : JSON.stringify(value);

/** The flag of a command that gives an option a value; undefined if it has none. */
function flagOf(
  command: Command | undefined,
  name: string,
  value: string | number | boolean | undefined,
): string | undefined {
  const find = (wanted: string | undefined) =>
    command?.options.find((flag) => flag.attributeName() === wanted)?.long;
  const flag = find(name) ?? find(command && renamedFlag(command, name));
  if (flag !== undefined) return value === undefined || value === true ? flag : `${flag} ${shellWord(value)}`;
  // Every setting of a run can be set, the usual ones by flags of their own.
  return value !== undefined && find('set') ? `--set ${name}=${shellWord(value)}` : undefined;
}

/**
 * A message of the library as the command line says it: on one line, and with flags instead of options.
 * @param command whose flags. @default the one that runs
 */
export function inFlags(message: string, command = running): string {
  return printable(replaceOptions(message, (name, value) => flagOf(command, name, value)));
}
