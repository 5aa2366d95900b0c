import type { GraphBuilder } from '../builder.ts';
import type { Node, Operation, Value } from '../operations.ts';
import { binaryGradients, unaryGradient, whereGradients } from './elementwise.ts';
import { batchNormGradients, convGradients } from './normalized-convolution.ts';
import { reduceGradient, spread } from './reductions.ts';
import { fixed, type InputGradients, type Rule } from './rule.ts';

function splitGradient(
  graph: GraphBuilder,
  { operation, outputs }: Node & { operation: { op: 'split' } },
  outputGradients: readonly (Value | undefined)[],
): Value {
  const parts = outputs.map(({ shape }, index) => {
    const zero = () =>
      graph.constant(
        [0],
        shape.map(() => 1),
      );
    return outputGradients[index] ?? graph.apply({ op: 'expand', shape }, zero());
  });
  return graph.apply({ op: 'concat', axis: operation.axis }, ...parts);
}

/**
 * The gradient rule of each operation: emits further operations.
 * @param outputGradients of the node's outputs; one at least is there
 * @param needed which inputs' gradients are asked for
 */
export function inputGradients(
  graph: GraphBuilder,
  node: Node,
  outputGradients: readonly (Value | undefined)[],
  needed: readonly boolean[],
): InputGradients {
  const { operation, inputs, outputs } = node;
  const [x, second] = inputs as [Value, ...Value[]];
  const [y] = outputs as [Value];
  if (operation.op === 'split') {
    return [splitGradient(graph, node as Node & { operation: { op: 'split' } }, outputGradients)];
  }
  const dy = outputGradients[0];
  if (!dy || outputGradients.slice(1).some((gradient) => gradient !== undefined)) {
    throw new Error(`${operation.op}: a gradient flows into an output that cannot propagate it`);
  }
  const rule = <T extends Operation>(operation: T): Rule<T> => ({
    graph,
    operation,
    inputs,
    outputs,
    dy,
    needed,
  });
  switch (operation.op) {
    case 'conv':
      return convGradients(rule(operation));
    case 'batchNorm':
    case 'batchNormTraining':
      return batchNormGradients(rule(operation));
    case 'unary':
      return [unaryGradient(rule(operation))];
    case 'leakyRelu':
      return [graph.apply({ op: 'leakyReluGrad', slope: operation.slope }, y, dy)];
    case 'silu':
      return [graph.apply({ op: 'siluGrad' }, x, y, dy)];
    case 'clip':
      return [graph.apply({ op: 'clipGrad', min: operation.min, max: operation.max }, y, dy)];
    case 'fakeQuantize': {
      const { scale, zeroPoint } = operation;
      const [min, max] = [scale * (-0.5 - zeroPoint), scale * (255.5 - zeroPoint)];
      return [graph.apply({ op: 'clipGrad', min, max }, x, dy)];
    }
    case 'hardSigmoid':
      return [graph.linear(graph.apply({ op: 'clipGrad', min: 0, max: 1 }, y, dy), operation.slope)];
    case 'linear':
      return [graph.linear(dy, operation.factor)];
    case 'binary':
      return binaryGradients(rule(operation));
    case 'where':
      return whereGradients(rule(operation));
    case 'maxPool': {
      const { kernel, stride, padding } = operation;
      return [graph.apply({ op: 'maxPoolGrad', kernel, stride, padding }, x, y, dy)];
    }
    case 'avgPool': {
      const { kernel, stride, padding } = operation;
      const area = { height: fixed(x, 2), width: fixed(x, 3) };
      return [graph.apply({ op: 'avgPoolGrad', kernel, stride, padding, ...area }, dy)];
    }
    case 'reduce':
      return [reduceGradient(rule(operation))];
    case 'upsample': {
      const { factor } = operation;
      const mean = { op: 'avgPool', kernel: factor, stride: factor, padding: [0, 0, 0, 0] } as const;
      return [graph.linear(graph.apply(mean, dy), factor ** 2)];
    }
    case 'concat': {
      const sizes = inputs.map((input) => fixed(input, operation.axis));
      return graph.record({ op: 'split', axis: operation.axis, sizes }, [dy]);
    }
    case 'slice': {
      const { axis, start, end } = operation;
      return [graph.apply({ op: 'pad', axis, before: start, after: fixed(x, axis) - end }, dy)];
    }
    case 'pad': {
      const { axis, before } = operation;
      return [graph.apply({ op: 'slice', axis, start: before, end: before + fixed(x, axis) }, dy)];
    }
    case 'expand':
      return [spread(graph, dy, x.shape)];
    case 'reshape':
      return [graph.reshape(dy, x.shape)];
    case 'transpose': {
      const { permutation } = operation;
      const inverse = permutation.map((_, axis) => permutation.indexOf(axis));
      return [graph.apply({ op: 'transpose', permutation: inverse }, dy)];
    }
    case 'dense': {
      const matMul = { op: 'matMul', transposeA: false, transposeB: false } as const;
      return [
        needed[0] ? graph.apply(matMul, dy, second!) : undefined,
        needed[1] ? graph.apply({ ...matMul, transposeA: true }, dy, x) : undefined,
        needed[2] ? graph.reshape(graph.reduce('sum', dy, [0]), inputs[2]!.shape) : undefined,
      ];
    }
    case 'matMul': {
      const { transposeA, transposeB } = operation;
      const product = (transposeA: boolean, transposeB: boolean, a: Value, b: Value) =>
        graph.apply({ op: 'matMul', transposeA, transposeB }, a, b);
      return [
        transposeA ? product(transposeB, true, second!, dy) : product(false, !transposeB, dy, second!),
        transposeB ? product(true, transposeA, dy, x) : product(!transposeA, false, x, dy),
      ];
    }
    case 'softmax': {
      const weighted = graph.binary('multiply', dy, y);
      const total = graph.reduce('sum', weighted, [operation.axis]);
      return [graph.binary('subtract', weighted, graph.binary('multiply', y, total))];
    }
    // Constants, choices and comparisons: nothing flows through them.
    case 'constant':
    case 'compare':
    case 'topK':
    case 'cast':
    case 'stopGradient':
      return [];
    case 'convGradInput':
    case 'convGradFilter':
    case 'batchNormGrad':
    case 'maxPoolGrad':
    case 'avgPoolGrad':
    case 'leakyReluGrad':
    case 'siluGrad':
    case 'clipGrad':
      throw new Error(`${operation.op}: second derivatives are not supported`);
  }
}
