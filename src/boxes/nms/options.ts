import type { Candidates } from '../candidates.ts';

/** Options of non-maximum suppression. */
export interface NmsOptions {
  /** A box goes where it overlaps a better one of its class by more than this, 0–1. */
  readonly iouThreshold: number;
  /** Boxes kept at most, the best ones. */
  readonly maxDetections: number;
  /** Whether boxes suppress those of other classes too. @default false */
  readonly agnostic?: boolean | undefined;
}

/** Indices of boxes by falling score, of equal scores the earlier first. */
export function bestFirst({ scores, count }: Candidates): readonly number[] {
  return Array.from({ length: count }, (_, index) => index).sort((a, b) => scores[b]! - scores[a]! || a - b);
}
