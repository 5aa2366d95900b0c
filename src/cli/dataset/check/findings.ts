import type { CheckDatasetReport } from '../../../tasks/datasets/check/check-dataset.ts';
import { inFlags } from '../../flags/option-flags.ts';
import { formatTable } from '../../terminal/table.ts';

/** Number of places shown for each kind of problem. */
const SHOWN_PLACES = 3;

/** A table of the problems, followed by their places. */
export function formatFindings(findings: CheckDatasetReport['findings'], all: boolean): string {
  if (findings.length === 0) return 'no problems found';
  const columns = [{ title: 'severity' }, { title: 'problem' }, { title: 'count', align: 'right' as const }];
  const rows = findings.map(({ severity, title, count }) => [severity, title, count.toLocaleString('en-US')]);
  const details = findings.map(({ title, places }) => {
    const shown = all ? places : places.slice(0, SHOWN_PLACES);
    const rest = places.length - shown.length;
    const lines = shown.map(({ place, message }) => `  ${inFlags(`${place}: ${message}`)}`);
    return [`${title}:`, ...lines, ...(rest > 0 ? [`  … and ${rest} more (--all)`] : [])].join('\n');
  });
  return [formatTable(columns, rows), ...details].join('\n\n');
}
