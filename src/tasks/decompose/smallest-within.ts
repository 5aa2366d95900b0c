import { MicroYoloError } from '../../foundation/errors/errors.ts';

/** Shares between which the smallest is looked for, and how finely. */
const [LEAST, MOST, STEP] = [0.1, 0.95, 0.05];

/**
 * The smallest share that keeps AP50 at a limit or above, to a twentieth: AP50 is taken to grow with the share.
 * @throws MicroYoloError `unsupported` if even the largest share falls below
 */
export async function smallestWithin(
  limit: number,
  evaluate: (share: number) => Promise<number>,
): Promise<number> {
  const shares = Array.from({ length: Math.round((MOST - LEAST) / STEP) + 1 }, (_, i) =>
    Number((LEAST + i * STEP).toFixed(2)),
  );
  const holds = async (place: number) => {
    try {
      return (await evaluate(shares[place]!)) >= limit;
    } catch (error) {
      // Factors of one block each cost more than that.
      if (error instanceof MicroYoloError && error.field !== undefined) return false;
      throw error;
    }
  };
  let [low, high] = [-1, shares.length - 1];
  if (!(await holds(high))) {
    throw new MicroYoloError(
      'unsupported',
      `maxDrop: even at ${100 * MOST} % of the cost, AP50 falls below ${(100 * limit).toFixed(2)} %, so nothing is written; allow a larger drop, or set a share and train`,
    );
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (await holds(middle)) high = middle;
    else low = middle;
  }
  return shares[high]!;
}
