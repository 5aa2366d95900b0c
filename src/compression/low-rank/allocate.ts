/** One of the ways in which a part may be made. */
export interface Way {
  /** What it costs. */
  readonly cost: number;
  /** What is lost by it. */
  readonly loss: number;
}

/** The way of each part with the least loss plus price times cost; of equal ones the cheapest. */
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

/** Spends what is left of the target: one part after the other gets a better way, while the best gain still fits. */
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
 * Chooses a way for each part, so that together they cost no more than asked and lose little: as one price of cost for all of
 * them tells (Lagrange's multiplier), and then part by part.
 * @returns nothing if even the cheapest ways cost more
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
  // Prices over many orders of magnitude: their logarithms are halved.
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
