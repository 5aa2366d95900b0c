import { anchorFit, type BoxSize } from './anchor-fit.ts';

/** Factors by which sides are changed, from coarse to fine. */
const STEPS = [1.2, 1.1, 1.05, 1.02];
/** A gain of mean IoU below this is none. */
const LEAST_GAIN = 1e-5;

/**
 * Changes one side of one anchor at a time as long as the mean IoU grows. The mean of a cluster, which
 * k-means moves its anchor to, is not the size that overlaps its boxes most.
 */
export function refineAnchors(sizes: readonly BoxSize[], anchors: readonly BoxSize[]): readonly BoxSize[] {
  let best = anchors;
  let fit = anchorFit(sizes, best).meanIou;
  const tryFactors = (index: number, wide: number, high: number): boolean => {
    const changed = best.map(
      ([width, height], at): BoxSize => (at === index ? [width * wide, height * high] : [width, height]),
    );
    const { meanIou } = anchorFit(sizes, changed);
    if (meanIou <= fit + LEAST_GAIN) return false;
    [best, fit] = [changed, meanIou];
    return true;
  };
  for (const step of STEPS) {
    let improves = true;
    while (improves) {
      improves = false;
      for (const index of anchors.keys()) {
        for (const factor of [step, 1 / step]) {
          const wider = tryFactors(index, factor, 1);
          const higher = tryFactors(index, 1, factor);
          improves ||= wider || higher;
        }
      }
    }
  }
  return best;
}
