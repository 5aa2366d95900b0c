import type { Candidates } from '../candidates.ts';

/** Options of non-maximum suppression. */
export interface NmsOptions {
  /** A box is dropped if its IoU with a better box of its class is above this, 0–1. */
  readonly iouThreshold: number;
  /** Maximum number of boxes to keep. The best ones are kept. */
  readonly maxDetections: number;
  /** Whether boxes also suppress boxes of other classes. @default false */
  readonly agnostic?: boolean | undefined;
}

/** Returns indices of boxes by descending score. If scores are equal, the earlier box comes first. */
export function bestFirst({ scores, count }: Candidates): readonly number[] {
  return Array.from({ length: count }, (_, index) => index).sort((a, b) => scores[b]! - scores[a]! || a - b);
}
