import type { Command } from 'commander';

/** Collects the values of a flag that may be given several times. */
export const collect = (value: string, previous: readonly string[] = []) => [...previous, value];

/** Adds `--set a.b=1`, which may be given several times: any training setting that has no flag of its own. */
export const addSetFlag = (command: Command): Command =>
  command.option('--set <name=value>', 'any other training setting, as in train; repeatable', collect);
