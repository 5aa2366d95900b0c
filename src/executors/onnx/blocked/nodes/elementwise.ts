import type { Node, Value } from '../../../../graph/operations.ts';
import { lowerNode } from '../../plain/lower.ts';
import { NCHWC } from '../layout.ts';
import { isElementwise, isMap } from '../plan.ts';
import type { BlockedValues } from '../values.ts';

/** Whether an element-wise operation gives 0 for zeros. */
function keepsZero({ operation, inputs, outputs }: Node): boolean {
  const isWhole = ({ shape }: Value) => shape.join() === outputs[0]!.shape.join();
  switch (operation.op) {
    case 'leakyRelu':
    case 'fakeQuantize':
      return true;
    case 'clip':
      return operation.min <= 0 && operation.max >= 0;
    case 'linear':
      return operation.offset === 0;
    case 'unary':
      return ['relu', 'tanh', 'elu', 'selu', 'abs', 'arctan', 'sqrt'].includes(operation.function);
    case 'binary':
      if (operation.function === 'divide') return !isWhole(inputs[1]!);
      return operation.function === 'multiply' || inputs.every(isWhole);
    default:
      return false;
  }
}

/** Maps and packed weights are computed with as they lie. */
export function lowerElementwise(values: BlockedValues, node: Node): boolean {
  if (!isElementwise(node)) return lowerGate(values, node);
  const { inputs, outputs } = node;
  const [y] = outputs as [Value];
  const shape = y.shape.join();
  const own = (value: Value, name: (value: Value) => string) =>
    value.shape.join() === shape ? name(value) : values.plain(value);
  if (values.plan.kernels.has(y.id)) {
    const names = inputs.map((value) => own(value, (same) => values.kernel(same)));
    values.set(y, { kernel: lowerNode(values.to, node, names)[0]! });
    return true;
  }
  const maps = inputs.filter((value) => value.shape.join() === shape);
  const isWorth = isMap(y) && maps.some((value) => values.isBlocked(value));
  if (!isWorth || !(values.isFilled(y) || keepsZero(node))) return false;
  const names = inputs.map((value) => own(value, (same) => values.map(same).name));
  values.set(y, { blocked: lowerNode(values.to, node, names)[0]! });
  return true;
}

/** Each channel of each image times a number of its own, as squeeze and excitation has it. */
function lowerGate(values: BlockedValues, { operation, inputs, outputs }: Node): boolean {
  if (operation.op !== 'binary' || operation.function !== 'multiply') return false;
  const { to } = values;
  const [y] = outputs as [Value];
  const whole = inputs.find((value) => value.shape.join() === y.shape.join());
  const gate = inputs.find((value) => value !== whole);
  if (!whole || !gate || !isMap(y) || !values.isBlocked(whole)) return false;
  const [batch, channels, height, width] = values.padded(y);
  if (gate.shape.join() !== [batch, y.shape[1], 1, 1].join()) return false;
  const filled = to.pad(values.plain(gate), [0, 0, 0, 0], [0, channels - (y.shape[1] as number), 0, 0]);
  const maps = batch * channels;
  const scaled = to.op(
    'Conv',
    [to.reshape(values.map(whole).name, [1, maps, height, width]), to.reshape(filled, [maps, 1, 1, 1])],
    { kernel_shape: [1, 1], group: maps },
    NCHWC,
  );
  values.set(y, { blocked: to.reshape(scaled, [batch, channels, height, width]) });
  return true;
}
