import type { JournalHead } from '../../compression/journal.ts';

/** What a journal need not remember: where things are, and how fast they get done. */
const IRRELEVANT = ['out', 'data', 'tables', 'signal', 'threads', 'jobs', 'minutes'];

/**
 * The beginning of a journal: all that the outcome hangs on.
 * @param known digests of the data and the model, and what else is found out rather than given
 */
export function journalHead(
  command: string,
  options: object,
  known: Readonly<Record<string, string>>,
): JournalHead {
  const settings = Object.entries(options).filter(
    ([name, value]) => value !== undefined && !IRRELEVANT.includes(name),
  );
  const given = Object.fromEntries(settings.map(([name, value]) => [name, JSON.stringify(value)]));
  return { version: 1, command, of: { ...given, ...known } };
}
