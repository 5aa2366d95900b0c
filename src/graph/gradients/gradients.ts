import type { GraphBuilder } from '../builder.ts';
import type { Node, Value } from '../operations.ts';
import { inputGradients } from './rules.ts';

/** Values that depend on one of `sources`, themselves included. */
function dependents(nodes: readonly Node[], sources: readonly Value[]): ReadonlySet<number> {
  const found = new Set(sources.map(({ id }) => id));
  for (const { operation, inputs, outputs } of nodes) {
    if (operation.op === 'stopGradient' || !inputs.some(({ id }) => found.has(id))) continue;
    for (const { id } of outputs) found.add(id);
  }
  return found;
}

/**
 * Records the gradients of a scalar by reverse-mode differentiation: each is of its value's shape, and zero
 * where the scalar does not depend on the value.
 * @param loss one element, of any rank
 */
export function gradients(graph: GraphBuilder, loss: Value, of: readonly Value[]): readonly Value[] {
  const nodes = [...graph.nodes];
  const active = dependents(nodes, of);
  const sums = new Map<number, Value>([
    [
      loss.id,
      graph.constant(
        [1],
        loss.shape.map(() => 1),
      ),
    ],
  ]);
  for (const node of nodes.reverse()) {
    const outputGradients = node.outputs.map(({ id }) => sums.get(id));
    if (outputGradients.every((gradient) => gradient === undefined)) continue;
    const needed = node.inputs.map(({ id }) => active.has(id));
    if (!needed.includes(true)) continue;
    const found = inputGradients(graph, node, outputGradients, needed);
    node.inputs.forEach(({ id }, index) => {
      const gradient = found[index];
      if (!needed[index] || !gradient) return;
      const sum = sums.get(id);
      sums.set(id, sum ? graph.binary('add', sum, gradient) : gradient);
    });
  }
  return of.map(({ id, shape }) => {
    const zero = () =>
      graph.constant(
        [0],
        shape.map(() => 1),
      );
    return sums.get(id) ?? graph.apply({ op: 'expand', shape }, zero());
  });
}
