import { MicroYoloError } from '../../foundation/errors/errors.ts';

/** Range and step of the searched shares. */
const [LEAST, MOST, STEP] = [0.1, 0.95, 0.05];

/**
 * Finds the smallest share whose AP50 is at least the limit, in steps of 0.05. Assumes that AP50 grows with the share.
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
      // The share is too small: factors of one block each already cost more.
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
