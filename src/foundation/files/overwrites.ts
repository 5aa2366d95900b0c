import { MicroYoloError } from '../errors/errors.ts';
import { option } from '../errors/named-options.ts';
import { realPath } from './folders.ts';

/** Whether a path means one of these files, whatever the paths. */
export async function fileMatcher(files: readonly string[]): Promise<(path: string) => Promise<boolean>> {
  const known = new Set(await Promise.all(files.map(realPath)));
  return async (path) => known.has(await realPath(path));
}

/**
 * Checks that a file to write is none of those that are read, by whatever path.
 * @param what they are, for messages
 * @param name of the option that names the file to write. @default 'out'
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
