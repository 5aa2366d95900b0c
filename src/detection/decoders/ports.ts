import type { GraphFacts, GraphPort } from '../families/family.ts';

/** A shape as people write it: `[1, 84, 8400]`. */
export function shapeText(shape: GraphPort['shape']): string {
  return `[${shape.map((size) => size ?? '?').join(', ')}]`;
}

/** The only output of a graph, if it has one axis of images and `rank` axes in all. */
export function onlyOutput({ outputs }: GraphFacts, rank: number): GraphPort | undefined {
  const [output] = outputs;
  return outputs.length === 1 && output?.shape.length === rank ? output : undefined;
}

/** The outputs of a graph by their bare names: without `:0` and what stands before a `/`. */
export function outputNamed({ outputs }: GraphFacts, pattern: RegExp): GraphPort | undefined {
  const found = outputs.filter(({ name }) => pattern.test(name));
  return found.length === 1 ? found[0] : undefined;
}
