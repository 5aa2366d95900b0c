/** Draws a uniform number from [low, high). */
export function between(low: number, high: number, random: () => number): number {
  return low + (high - low) * random();
}
