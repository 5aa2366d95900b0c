import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/operations.ts';
import type { ActivationLayer } from '../../network/layers.ts';

/**
 * Records an activation layer.
 * @param keep is called with the gate of an activation that multiplies its input by a gate, and returns the factor to
 *   use. If omitted, such activations are recorded as one operation if there is one
 */
export function activate(
  graph: GraphBuilder,
  layer: ActivationLayer,
  x: Value,
  keep?: (gate: Value) => Value,
): Value {
  const times = (factor: Value) => graph.binary('multiply', x, factor);
  const gated = (gate: Value) => times(keep ? keep(gate) : gate);
  const hardSigmoid = { op: 'hardSigmoid', slope: 1 / 6, offset: 0.5 } as const;
  switch (layer.function) {
    case 'relu':
    case 'sigmoid':
    case 'tanh':
    case 'elu':
    case 'selu':
      return graph.unary(layer.function, x);
    case 'leakyRelu':
      return graph.apply({ op: 'leakyRelu', slope: layer.slope ?? 0.1 }, x);
    case 'relu6':
      return graph.apply({ op: 'clip', min: 0, max: 6 }, x);
    case 'hardTanh':
      return graph.apply({ op: 'clip', min: -1, max: 1 }, x);
    case 'hardSigmoid':
      return graph.apply(hardSigmoid, x);
    case 'hardSwish':
      return gated(graph.apply(hardSigmoid, x));
    case 'silu':
      return keep ? gated(graph.unary('sigmoid', x)) : graph.apply({ op: 'silu' }, x);
    case 'mish':
      return gated(graph.unary('tanh', graph.unary('softplus', x)));
    case 'gelu': {
      // The tanh form of https://arxiv.org/abs/1606.08415: x · σ(2 √(2/π) (x + 0.044715 x³)).
      const square = graph.binary('multiply', x, x);
      const factor = 2 * Math.sqrt(2 / Math.PI);
      const inner = graph.apply({ op: 'linear', factor: factor * 0.044715, offset: factor }, square);
      return gated(graph.unary('sigmoid', times(inner)));
    }
  }
}
