import { uniformRandom } from '../foundation/random.ts';

/** Random choices, determined by a seed. */
export interface Dice {
  between(least: number, most: number): number;
  /** A log-uniform number: as many around 10 as around 100. */
  logBetween(least: number, most: number): number;
  /** A whole number, including both ends. */
  integer(least: number, most: number): number;
  chance(probability: number): boolean;
  pick<T>(choices: readonly T[]): T;
}

export function dice(seed: number): Dice {
  const uniform = uniformRandom(seed);
  const between = (least: number, most: number) => least + uniform() * (most - least);
  const integer = (least: number, most: number) => least + Math.floor(uniform() * (most - least + 1));
  return {
    between,
    logBetween: (least, most) => least * (most / least) ** uniform(),
    integer,
    chance: (probability) => uniform() < probability,
    pick: (choices) => choices[integer(0, choices.length - 1)]!,
  };
}

/** Hashes several numbers to a seed (MurmurHash3). Adjacent numbers give unrelated seeds. */
export function murmurSeed(...numbers: readonly number[]): number {
  let hash = 0;
  for (const number of numbers) {
    let k = Math.imul(number, 0xcc9e2d51);
    k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    hash ^= k;
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
