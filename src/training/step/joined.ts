import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/operations.ts';

/**
 * One vector of all values' elements, in order. Updates of joined vectors save thousands of operations on a few numbers
 * each, which cost more than their arithmetic.
 * @param values vectors, or a single value of any shape
 */
export function joined(graph: GraphBuilder, values: readonly Value[]): Value {
  return values.length === 1 ? values[0]! : graph.apply({ op: 'concat', axis: 0 }, ...values);
}

/** The parts of a joined vector, with the shapes of `like`. */
export function parted(graph: GraphBuilder, whole: Value, like: readonly Value[]): readonly Value[] {
  if (like.length === 1) return [whole];
  return graph.record({ op: 'split', axis: 0, sizes: like.map(({ shape }) => shape[0] as number) }, [whole]);
}

/** Groups of items that one operation can process: the vectors of a group together, each other item by itself. */
export function joinable<T extends { readonly shape: readonly unknown[] }>(
  items: readonly T[],
  groupOf: (item: T) => string = () => '',
): readonly (readonly T[])[] {
  const groups: (readonly T[])[] = [];
  const vectors = new Map<string, T[]>();
  for (const item of items) {
    const group = item.shape.length === 1 ? vectors.get(groupOf(item)) : undefined;
    if (group) group.push(item);
    else {
      const started = [item];
      groups.push(started);
      if (item.shape.length === 1) vectors.set(groupOf(item), started);
    }
  }
  return groups;
}
