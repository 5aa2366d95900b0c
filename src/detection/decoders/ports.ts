import type { GraphFacts, GraphPort } from '../families/family.ts';

/** Formats a shape for users: `[1, 84, 8400]`. */
export function shapeText(shape: GraphPort['shape']): string {
  return `[${shape.map((size) => size ?? '?').join(', ')}]`;
}

/** Returns the only output of a graph, if it has a batch axis and `rank` axes in all. */
export function onlyOutput({ outputs }: GraphFacts, rank: number): GraphPort | undefined {
  const [output] = outputs;
  return outputs.length === 1 && output?.shape.length === rank ? output : undefined;
}

/** Finds an output by its bare name, without `:0` and without what precedes a `/`. */
export function outputNamed({ outputs }: GraphFacts, pattern: RegExp): GraphPort | undefined {
  const found = outputs.filter(({ name }) => pattern.test(name));
  return found.length === 1 ? found[0] : undefined;
}
