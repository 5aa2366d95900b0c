import { uniformRandom } from '../../../foundation/random.ts';
import { Strata } from './strata.ts';
import type { Unit } from './units.ts';

/** Number of exchanges to try: per unit, with a minimum and a maximum. */
const TRIES = { each: 40, least: 10_000, most: 300_000 } as const;
/** Smaller cost differences are rounding errors. */
const EPSILON = 1e-9;

/** Assigns units one by one to the split that needs them most: large ones first, then those with rare classes. */
function placeAll(units: readonly Unit[], strata: Strata): number[][] {
  const rarest = units.map(({ counts }) => Math.min(...counts.map(({ kind }) => strata.unitsOf(kind))));
  const bulk = (unit: number) => (units[unit]!.images.length > 1 ? units[unit]!.images.length : 0);
  const order = [...units.keys()].sort((a, b) => bulk(b) - bulk(a) || rarest[a]! - rarest[b]! || a - b);
  const members: number[][] = strata.sizes.map(() => []);
  const splits = [...members.keys()];
  for (const [done, place] of order.entries()) {
    const unit = units[place]!;
    const empty = splits.filter((split) => members[split]!.length === 0);
    // The last units are for splits that would stay empty.
    const open = units.length - done <= empty.length ? empty : splits;
    const roomy = open.filter((split) => strata.room(split) >= unit.images.length);
    let best = open[0]!;
    let least = Number.POSITIVE_INFINITY;
    for (const split of roomy.length > 0 ? roomy : open) {
      const before = strata.costOf([unit], split);
      strata.place(unit, split);
      const change = strata.costOf([unit], split) - before;
      strata.place(unit, split, -1);
      if (change < least - EPSILON) [best, least] = [split, change];
    }
    strata.place(unit, best);
    members[best]!.push(place);
  }
  return members;
}

/** Exchanges two units of two splits if that improves the sizes, or keeps the sizes and improves the classes. */
function exchange(
  units: readonly Unit[],
  strata: Strata,
  members: number[][],
  [s, atS]: readonly [split: number, at: number],
  [t, atT]: readonly [split: number, at: number],
): boolean {
  const [one, other] = [members[s]![atS]!, members[t]![atT]!];
  const [a, b] = [units[one]!, units[other]!];
  const difference = b.images.length - a.images.length;
  const [roomS, roomT] = [strata.room(s), strata.room(t)];
  const sizes =
    Math.abs(roomS - difference) + Math.abs(roomT + difference) - Math.abs(roomS) - Math.abs(roomT);
  if (sizes > 0) return false;
  const cost = () => strata.costOf([a, b], s) + strata.costOf([a, b], t);
  const swap = (out: Unit, into: Unit) => {
    strata.place(out, s, -1);
    strata.place(into, t, -1);
    strata.place(into, s);
    strata.place(out, t);
  };
  const before = cost();
  swap(a, b);
  if (sizes === 0 && cost() >= before - EPSILON) {
    swap(b, a);
    return false;
  }
  members[s]![atS] = other;
  members[t]![atT] = one;
  return true;
}

/** Moves missing classes into splits, by exchanges with splits that can spare them. */
function fillGaps(
  units: readonly Unit[],
  strata: Strata,
  members: number[][],
  kinds: readonly number[],
): void {
  for (const kind of kinds) {
    for (const s of members.keys()) {
      const sources = [...members.keys()].filter((t) => t !== s && strata.misses(kind, s));
      const has = (unit: number) => units[unit]!.counts.some((count) => count.kind === kind);
      sources.some((t) =>
        [...members[t]!.keys()]
          .filter((atT) => has(members[t]![atT]!))
          .some((atT) =>
            [...members[s]!.keys()].some((atS) => exchange(units, strata, members, [s, atS], [t, atT])),
          ),
      );
    }
  }
}

/**
 * Spreads units over splits so that each split has its share of every class's images and boxes. Classes with at least
 * as many units as there are splits are in each split.
 * @param sizes target number of images for each split
 * @returns the units of each split, as indices in `units`
 */
export function stratify(
  units: readonly Unit[],
  sizes: readonly number[],
  seed: number,
): readonly (readonly number[])[] {
  const strata = new Strata(units, sizes);
  const members = placeAll(units, strata);
  const kinds = [...new Set(units.flatMap(({ counts }) => counts.map(({ kind }) => kind)))];
  kinds.sort((a, b) => strata.unitsOf(a) - strata.unitsOf(b) || a - b);
  fillGaps(units, strata, members, kinds);
  const random = uniformRandom(seed);
  const below = (count: number) => Math.floor(random() * count);
  const tries = Math.min(TRIES.most, Math.max(TRIES.least, TRIES.each * units.length));
  for (let left = tries; left > 0; left--) {
    const s = below(sizes.length);
    const t = (s + 1 + below(sizes.length - 1)) % sizes.length;
    if (members[s]!.length === 0 || members[t]!.length === 0) continue;
    exchange(units, strata, members, [s, below(members[s]!.length)], [t, below(members[t]!.length)]);
  }
  fillGaps(units, strata, members, kinds);
  return members;
}
