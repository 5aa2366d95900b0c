import { MicroYoloError } from '../errors/errors.ts';
import { option } from '../errors/named-options.ts';
import { realPath } from './folders.ts';

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
  const target = await realPath(out);
  for (const file of read) {
    if (file !== undefined && (await realPath(file)) === target) {
      throw new MicroYoloError(
        'invalid-argument',
        `${name} ${out}: would overwrite ${what}; name another file with ${option(name)}`,
      );
    }
  }
}
