import { parseDocument } from 'yaml';
import { MicroYoloError } from '../errors/errors.ts';
import { readText } from './text.ts';

async function parseYaml(path: string, what: string, schema: 'core' | 'failsafe'): Promise<unknown> {
  const document = parseDocument(await readText(path, what), { logLevel: 'silent', schema });
  const [error] = document.errors;
  if (error) {
    const reason = error.message.split('\n')[0]!.replace(/:$/, '');
    throw new MicroYoloError('invalid-file', `${path}: not YAML (${reason}), expected ${what}`, { path });
  }
  try {
    // Limits aliases, because nested ones can expand exponentially.
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new MicroYoloError(
      'invalid-file',
      `${path}: not YAML (${(error as Error).message}), expected ${what}`,
      { path },
    );
  }
}

/**
 * Reads a YAML file as plain data.
 * @throws MicroYoloError `not-found`, or `invalid-file` with the line at fault
 */
export async function readYaml(path: string, what: string): Promise<unknown> {
  return parseYaml(path, what, 'core');
}

/**
 * Reads a YAML file with every value as a string. Names and paths such as `1.10`, `0x10`, `null` or `2020-01-01` are
 * not converted, and an empty value is an empty string.
 * @throws MicroYoloError `not-found`, or `invalid-file` with the line at fault
 */
export async function readYamlAsWritten(path: string, what: string): Promise<unknown> {
  return parseYaml(path, what, 'failsafe');
}
