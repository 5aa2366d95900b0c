import { MicroYoloError } from '../errors/errors.ts';
import { option } from '../errors/named-options.ts';
import { realPath } from './folders.ts';

/** Returns a function that tells whether a path refers to one of the files, even through links. */
export async function fileMatcher(files: readonly string[]): Promise<(path: string) => Promise<boolean>> {
  const known = new Set(await Promise.all(files.map(realPath)));
  return async (path) => known.has(await realPath(path));
}

/**
 * Checks that the output is not one of the input files, even through links.
 * @param what description of the inputs, for messages
 * @param name option that sets the output. @default 'out'
 * @throws MicroYoloError `invalid-argument`
 */
export async function checkOverwritesNone(
  out: string,
  read: readonly (string | undefined)[],
  what: string,
  name = 'out',
): Promise<void> {
  const isRead = await fileMatcher(read.filter((file) => file !== undefined));
  if (!(await isRead(out))) return;
  throw new MicroYoloError(
    'invalid-argument',
    `${name} ${out}: would overwrite ${what}; name another file with ${option(name)}`,
  );
}
