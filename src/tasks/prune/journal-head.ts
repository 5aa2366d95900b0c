import type { JournalHead } from '../../compression/journal.ts';

/** Name of the journal in the output folder. */
export const JOURNAL_FILE = 'journal.jsonl';

/** Options that do not affect the outcome, such as paths and threads. */
const IRRELEVANT = ['out', 'data', 'tables', 'signal', 'threads', 'jobs', 'minutes'];

/**
 * The head of a journal: everything that the outcome depends on.
 * @param known digests of the data and the model, and other values that are not options
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
