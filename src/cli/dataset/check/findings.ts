import { counted } from '../../../foundation/counted.ts';
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

/** One line: how many problems there are, and what they mean for the other commands. */
export function formatVerdict({ splits, findings }: Pick<CheckDatasetReport, 'splits' | 'findings'>): string {
  const sum = (wanted: string) =>
    findings.filter(({ severity }) => severity === wanted).reduce((total, { count }) => total + count, 0);
  const [errors, warnings] = [sum('error'), sum('warning')];
  const problems = `${counted(errors, 'error')}, ${counted(warnings, 'warning')}`;
  const named = splits.filter(({ name }) => /^train/.test(name));
  const training = named.length > 0 ? named : splits;
  if (training.every(({ annotations, crowds }) => annotations === crowds))
    return `${problems}: the data cannot be trained on; it has no objects`;
  if (errors > 0)
    return `${problems}: errors lose data or distort measurements; correct them before training`;
  return `${problems}: the data can be trained on${warnings > 0 ? '; look at the warnings' : ''}`;
}
