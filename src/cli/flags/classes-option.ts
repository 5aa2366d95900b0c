import { Option } from 'commander';

/** `--classes`, which may be given several times; `selectClasses` reads each value. */
export function classesOption(what: string): Option {
  const description = `${what}: names separated by commas, one with commas in "double quotes"; repeatable`;
  return new Option('--classes <names>', description).argParser(
    (value: string, before: readonly string[] | undefined) => [...(before ?? []), value],
  );
}
