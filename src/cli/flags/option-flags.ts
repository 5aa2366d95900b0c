import type { Command } from 'commander';
import { printable } from '../../foundation/errors/errors.ts';
import { replaceOptions } from '../../foundation/errors/named-options.ts';
import { shellWord } from './shell-word.ts';
import { renamedFlag } from './table-flags.ts';

/** The running command, set once. Global, because messages come from everywhere and each command has its own flags. */
let running: Command | undefined;

/** Sets the command whose flags appear in messages. */
export function nameFlagsOf(command: Command): void {
  running = command;
}

/** The flag that sets an option to a value; undefined if the command has none. */
function flagOf(
  command: Command | undefined,
  name: string,
  value: string | number | boolean | undefined,
): string | undefined {
  const find = (wanted: string | undefined) =>
    command?.options.find((flag) => flag.attributeName() === wanted)?.long;
  const flag = find(name) ?? find(command && renamedFlag(command, name));
  if (flag !== undefined) return value === undefined || value === true ? flag : `${flag} ${shellWord(value)}`;
  // Settings without their own flag are set with --set.
  return value !== undefined && find('set') ? `--set ${name}=${shellWord(value)}` : undefined;
}

/**
 * Converts a library message for the command line: one line, with flags instead of options.
 * @param command command whose flags are named. @default the running one
 */
export function inFlags(message: string, command = running): string {
  return printable(replaceOptions(message, (name, value) => flagOf(command, name, value)));
}
