/**
 * Compares detections of foreign models here with those of their families' own code.
 *
 *     npx tsx scripts/conformance/run.ts CASES [--only REGEX] [--write results/conformance.json]
 *
 * CASES is a folder of cases made by `scripts/goldens/foreign/`.
 */
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { writeWholeFile } from '../../src/foundation/files/write.ts';
import { type Outcome, runCase } from './case.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'string' }, only: { type: 'string' } },
});
const [cases] = positionals;
if (cases === undefined) throw new Error('usage: run.ts CASES [--only REGEX] [--write FILE]');
const only = new RegExp(values.only ?? '');
const entries = await readdir(cases, { withFileTypes: true });
const names = entries
  .filter((entry) => entry.isDirectory() && entry.name !== 'pictures' && only.test(entry.name))
  .map(({ name }) => name);
const outcomes: Outcome[] = [];
for (const name of names.sort()) {
  const outcome = await runCase(resolve(cases, name), name);
  outcomes.push(outcome);
  const { difference, detections, title = '', message, expected } = outcome;
  const figures = difference
    ? `${detections} detections, ${difference.unmatched} unmatched, box ${difference.boxDifference.toFixed(3)} px, score ${difference.scoreDifference.toExponential(1)}`
    : '';
  console.log(
    [name, figures, `${outcome.outcome} (expected ${expected})`, title, message.slice(0, 300)].join(' | '),
  );
}
if (values.write !== undefined) {
  await writeWholeFile(values.write, [`${JSON.stringify({ cases: outcomes }, null, 2)}\n`]);
}
