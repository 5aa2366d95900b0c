/** One of the options for a part. */
export interface Way {
  /** Cost of this option. */
  readonly cost: number;
  /** Loss with this option. */
  readonly loss: number;
}

/** For each part, returns the option that minimizes loss + price × cost. Among equal ones, it is the cheapest. */
function cheapest<W extends Way>(parts: readonly (readonly W[])[], price: number): readonly W[] {
  const total = ({ cost, loss }: W) => loss + price * cost;
  return parts.map((ways) =>
    ways.reduce((best, way) => {
      const difference = total(way) - total(best);
      return difference < 0 || (difference === 0 && way.cost < best.cost) ? way : best;
    }),
  );
}

const costOf = (ways: readonly Way[]) => ways.reduce((sum, { cost }) => sum + cost, 0);

/** Spends the remaining budget: repeatedly replaces the option with the largest gain that still fits. */
function refined<W extends Way>(
  parts: readonly (readonly W[])[],
  ways: readonly W[],
  target: number,
): readonly W[] {
  const chosen = [...ways];
  for (;;) {
    const left = target - costOf(chosen);
    let best: { readonly place: number; readonly way: W; readonly gain: number } | undefined;
    parts.forEach((part, place) => {
      const now = chosen[place]!;
      for (const way of part) {
        const gain = now.loss - way.loss;
        if (gain > (best?.gain ?? 0) && way.cost - now.cost <= left) best = { place, way, gain };
      }
    });
    if (!best) return chosen;
    chosen[best.place] = best.way;
  }
}

/**
 * Chooses an option for each part, so that the total cost is at most the target and the total loss is small. First, a
 * common price of cost is searched (Lagrange multiplier). Then single parts are improved.
 * @returns undefined if even the cheapest options cost more
 */
export function allocate<W extends Way>(
  parts: readonly (readonly W[])[],
  target: number,
): readonly W[] | undefined {
  const least = cheapest(
    parts.map((ways) => ways.map((way) => ({ way, cost: way.cost, loss: 0 }))),
    1,
  );
  if (costOf(least) > target) return undefined;
  const free = cheapest(parts, 0);
  if (costOf(free) <= target) return free;
  // Prices span many orders of magnitude, so the bisection uses their logarithms.
  let [low, high] = [-60, 60];
  let found: readonly W[] = least.map(({ way }) => way);
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    const ways = cheapest(parts, Math.exp(middle));
    if (costOf(ways) <= target) {
      found = ways;
      high = middle;
    } else low = middle;
  }
  return refined(parts, found, target);
}
