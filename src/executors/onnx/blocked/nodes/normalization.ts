import type { Node, Operation, Value } from '../../../../graph/operations.ts';
import type { FusedActivation } from '../channels.ts';
import { batchNormGrad, batchNormTraining } from '../normalization.ts';
import type { BlockedValues } from '../values.ts';

/** The activation that the convolution kernels can apply on the way out, for an operation. */
function fusedActivation(operation: Operation): FusedActivation | undefined {
  switch (operation.op) {
    case 'leakyRelu':
      return { type: 'LeakyRelu', parameters: [operation.slope] };
    case 'clip':
      return operation.min <= 0 && operation.max >= 0
        ? { type: 'Clip', parameters: [operation.min, operation.max] }
        : undefined;
    case 'unary':
      return operation.function === 'relu' ? { type: 'Relu', parameters: [] } : undefined;
    default:
      return undefined;
  }
}

/** A batch norm, with the activation that alone reads it. */
export function lowerBatchNorm(values: BlockedValues, node: Node, epsilon: number): boolean {
  const [x, weight, bias] = node.inputs as [Value, Value, Value];
  const [y, mean, variance] = node.outputs as [Value, Value, Value];
  if (!values.isBlocked(x)) return false;
  const reader = values.onlyReader(y);
  const activation = reader && fusedActivation(reader.operation);
  const [name, meanName, varianceName] = batchNormTraining(
    values.to,
    epsilon,
    values.map(x),
    x.shape[1] as number,
    [values.plain(weight), values.plain(bias)],
    activation,
  );
  values.set(activation ? reader.outputs[0]! : y, { blocked: name });
  if (activation) values.done.add(reader);
  values.set(mean, { plain: meanName });
  values.set(variance, { plain: varianceName });
  return true;
}

export function lowerBatchNormGrad(values: BlockedValues, node: Node, epsilon: number): boolean {
  const [x, weight, mean, variance, dy] = node.inputs as [Value, Value, Value, Value, Value];
  const [dx, dweight, dbias] = node.outputs as [Value, Value, Value];
  if (!values.isBlocked(x)) return false;
  const names = batchNormGrad(values.to, epsilon, values.map(x), x.shape[1] as number, [
    values.plain(weight),
    values.plain(mean),
    values.plain(variance),
    values.map(dy).name,
  ]);
  values.set(dx, { blocked: names[0] });
  values.set(dweight, { plain: names[1] });
  values.set(dbias, { plain: names[2] });
  return true;
}
