import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Journal } from '../../../src/compression/journal.ts';
import {
  type SearchLine,
  searchByHalving,
  searchLineSchema,
} from '../../../src/compression/search/halving.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const folder = temporaryFolder();
const HEAD = { version: 1, command: 'search', of: { data: 'a' } } as const;
const OPTIONS = {
  ...({ candidates: 9, objective: 'map', target: 1, epochs: 2, rungs: 3, factor: 3, jobs: 2 } as const),
};

const open = (name: string) => Journal.open(join(folder, name), HEAD, searchLineSchema);

/** A trial whose AP is higher the nearer its candidate is to 5 and the longer it trains. */
async function trial(candidate: number, rung: number, epochs: number): Promise<SearchLine> {
  const AP = (1 - Math.abs(candidate - 5.2) / 10) * (1 - 1 / (epochs + 1));
  const choices = { kernel: candidate };
  return { rung, candidate, choices, epochs, AP, AP50: AP, parameters: 1, macs: 1, ms: 1, model: 'm' };
}

const steady = (lines: readonly SearchLine[]) => lines.map((line) => JSON.stringify(line)).sort();

test('promotes a third of the candidates to each rung, which trains them three times as long', async () => {
  await using journal = await open('whole');
  const ranking = await searchByHalving(journal, OPTIONS, trial, () => {});
  expect([0, 1, 2].map((rung) => journal.lines.filter((line) => line.rung === rung).length)).toEqual([
    9, 3, 1,
  ]);
  expect(ranking).toMatchObject([{ candidate: 5, rung: 2, epochs: 18 }]);
});

test('gives the same ranking if stopped after any trial, and repeats no trial', async () => {
  let made = 0;
  for (let leg = 0; ; leg++) {
    expect(leg).toBeLessThan(20);
    await using journal = await open('legs');
    let left = 1;
    const ranking = await searchByHalving(
      journal,
      OPTIONS,
      async (...of) => (left-- > 0 ? trial(...of) : undefined),
      () => void made++,
    );
    if (!ranking) continue;
    await using whole = await open('whole');
    expect(steady(journal.lines)).toEqual(steady(whole.lines));
    break;
  }
  expect(made).toBe(13);
});
