/** A number drawn evenly from [low, high). */
export function between(low: number, high: number, random: () => number): number {
  return low + (high - low) * random();
}
