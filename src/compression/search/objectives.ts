import type { OBJECTIVES } from '../../options/search.ts';

/** Figures of a trial. */
export interface TrialFigures {
  /** COCO's AP on the evaluation split, 0–1. */
  readonly AP: number;
  readonly AP50: number;
  /** Number of trainable parameters. */
  readonly parameters: number;
  readonly macs: number;
  /** Milliseconds predicted from the table of measured times. */
  readonly ms: number;
}

/** One of the objectives of a search. */
export type Objective = (typeof OBJECTIVES)[number];

/** MnasNet's exponent for a soft target. */
const MNASNET_EXPONENT = -0.07;

/** @param target milliseconds */
export function mnasnetReward({ AP, ms }: Pick<TrialFigures, 'AP' | 'ms'>, target: number): number {
  return AP * (ms / target) ** MNASNET_EXPONENT;
}

/** Returns the cost that an objective trades against AP. */
export function costOf(objective: 'macs' | 'latency', figures: TrialFigures): number {
  return objective === 'macs' ? figures.macs : figures.ms;
}

/** Returns the indices of the trials that no other trial beats in both AP and cost, cheapest first. */
export function paretoFront(
  trials: readonly TrialFigures[],
  objective: 'macs' | 'latency',
): readonly number[] {
  const order = [...trials.keys()].sort((a, b) => {
    const [first, second] = [trials[a]!, trials[b]!];
    return costOf(objective, first) - costOf(objective, second) || second.AP - first.AP || a - b;
  });
  let best = Number.NEGATIVE_INFINITY;
  return order.filter((place) => {
    const { AP } = trials[place]!;
    if (AP <= best) return false;
    best = AP;
    return true;
  });
}

/**
 * Returns the indices of trials, best first. With a cost, they are ordered by Pareto front, and within a front by AP,
 * highest first.
 * @param target milliseconds, for `mnasnet`
 */
export function rankTrials(
  trials: readonly TrialFigures[],
  objective: Objective,
  target: number,
): readonly number[] {
  if (objective === 'map' || objective === 'mnasnet') {
    const score = (place: number) =>
      objective === 'map' ? trials[place]!.AP : mnasnetReward(trials[place]!, target);
    return [...trials.keys()].sort((a, b) => score(b) - score(a) || a - b);
  }
  const ranked: number[] = [];
  let left = [...trials.keys()];
  while (left.length > 0) {
    const front = paretoFront(
      left.map((place) => trials[place]!),
      objective,
    ).map((place) => left[place]!);
    ranked.push(...front.toSorted((a, b) => trials[b]!.AP - trials[a]!.AP || a - b));
    const taken = new Set(front);
    left = left.filter((place) => !taken.has(place));
  }
  return ranked;
}
