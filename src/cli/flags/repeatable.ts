import type { Command } from 'commander';

/** Collects the values of a repeatable flag. */
export const collect = (value: string, previous: readonly string[] = []) => [...previous, value];

/** Adds the repeatable flag `--set a.b=1`, for training settings without their own flag. */
export const addSetFlag = (command: Command): Command =>
  command.option('--set <name=value>', 'any other training setting, as in train; repeatable', collect);
