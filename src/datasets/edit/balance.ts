import type { Dataset } from '../dataset.ts';

/** Candidates of the rarest class that are compared for each draw: enough to find a good one. */
const LOOKED_AT = 256;

/** Number of boxes of each class in an image. */
type Counts = readonly (readonly [category: number, boxes: number])[];

function countsByImage({ images, annotations }: Dataset): readonly Counts[] {
  const counts: Map<number, number>[] = images.map(() => new Map());
  for (let row = 0; row < annotations.count; row++) {
    const image = counts[annotations.images[row]!]!;
    const category = annotations.categories[row]!;
    image.set(category, (image.get(category) ?? 0) + 1);
  }
  return counts.map((image) => [...image].sort(([a], [b]) => a - b));
}

/**
 * Draws images one by one so that classes have about the same number of boxes. Each draw picks the class with the
 * fewest boxes so far, and among equals the one with the fewest images. It then takes the image of this class that
 * adds least to the more frequent classes. Images without boxes come last.
 * @param ranked indices of the images to draw from; ties go to the first
 * @returns the indices drawn
 */
export function drawBalanced(dataset: Dataset, ranked: readonly number[], count: number): readonly number[] {
  const counts = countsByImage(dataset);
  const queues = dataset.categories.map((): number[] => []);
  for (const place of ranked) for (const [category] of counts[place]!) queues[category]!.push(place);
  const starts = queues.map(() => 0);
  const boxes = queues.map(() => 0);
  const drawn = new Set<number>();
  const skipDrawn = (category: number) => {
    const queue = queues[category]!;
    while (starts[category]! < queue.length && drawn.has(queue[starts[category]!]!)) starts[category]!++;
    return starts[category]! < queue.length;
  };
  while (drawn.size < count) {
    const open = [...queues.keys()].filter(skipDrawn);
    if (open.length === 0) break;
    const rarest = open.reduce((a, b) =>
      (boxes[b]! - boxes[a]! || queues[b]!.length - queues[a]!.length) < 0 ? b : a,
    );
    const excess = (place: number) =>
      counts[place]!.reduce((sum, [category, added]) => {
        const more = category === rarest ? 0 : added;
        return sum + added * (boxes[category]! - boxes[rarest]! + more);
      }, 0);
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    const queue = queues[rarest]!;
    for (let at = starts[rarest]!, looked = 0; at < queue.length && looked < LOOKED_AT; at++) {
      if (drawn.has(queue[at]!)) continue;
      looked++;
      const more = excess(queue[at]!);
      if (more < least) [best, least] = [queue[at]!, more];
    }
    drawn.add(best);
    for (const [category, added] of counts[best]!) boxes[category]! += added;
  }
  const rest = ranked.filter((place) => !drawn.has(place));
  return [...drawn, ...rest.slice(0, Math.max(0, count - drawn.size))];
}
