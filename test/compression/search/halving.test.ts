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

test('counts the trials of each rung, also after an interruption', async () => {
  const counts: string[] = [];
  for (const most of [4, 100]) {
    await using journal = await open('counted');
    let left = most;
    await searchByHalving(
      journal,
      { ...OPTIONS, jobs: 1 },
      async (candidate, rung, epochs) => (left-- > 0 ? trial(candidate, rung, epochs) : undefined),
      ({ rung }, { done, total }) => counts.push(`${rung}: ${done} of ${total}`),
    );
  }
  expect(counts).toEqual([
    ...Array.from({ length: 9 }, (_, at) => `0: ${at + 1} of 9`),
    ...['1: 1 of 3', '1: 2 of 3', '1: 3 of 3', '2: 1 of 1'],
  ]);
});

test('a failed trial stops the others, and its error is thrown after they ended', async () => {
  await using journal = await open('failed');
  let ended = false;
  const search = searchByHalving(
    journal,
    OPTIONS,
    async (candidate, _rung, _epochs, signal) => {
      if (candidate === 1) throw new Error('candidate 1 failed');
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      ended = true;
      return undefined;
    },
    () => {},
  );
  await expect(search).rejects.toThrow('candidate 1 failed');
  expect(ended).toBe(true);
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
      async (candidate, rung, epochs) => (left-- > 0 ? trial(candidate, rung, epochs) : undefined),
      () => void made++,
    );
    if (!ranking) continue;
    await using whole = await open('whole');
    expect(steady(journal.lines)).toEqual(steady(whole.lines));
    break;
  }
  expect(made).toBe(13);
});
