import type { Padding } from '../../foundation/padding.ts';
import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/operations.ts';
import type { ConvLayer } from '../../network/layers.ts';

/**
 * Embeds a non-square kernel in the middle of a square one of zeros. Training steps only support gradients of square
 * kernels.
 * @returns undefined for a square kernel
 */
export function squareKernel(
  graph: GraphBuilder,
  { kernel, padding: [top, left, bottom, right] }: ConvLayer,
  weight: Value,
): { readonly kernel: Value; readonly padding: Padding } | undefined {
  if (typeof kernel === 'number') return undefined;
  const side = Math.max(...kernel);
  const [rows, columns] = kernel.map((own) => side - own) as [number, number];
  const [above, before] = [Math.floor(rows / 2), Math.floor(columns / 2)];
  const tall = graph.apply({ op: 'pad', axis: 2, before: above, after: rows - above }, weight);
  return {
    kernel: graph.apply({ op: 'pad', axis: 3, before, after: columns - before }, tall),
    padding: [top + above, left + before, bottom + rows - above, right + columns - before],
  };
}
