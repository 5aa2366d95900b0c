import type { Node, Value, Window } from '../../../../graph/operations.ts';
import { isTiling } from '../../../../graph/windows.ts';
import { NCHWC } from '../layout.ts';
import { isMap } from '../plan.ts';
import { tiledMaxPoolGrad } from '../pooling.ts';
import type { BlockedValues } from '../values.ts';

export function lowerPool(
  values: BlockedValues,
  { inputs: [x], outputs: [y] }: Node,
  { kernel, stride, padding }: Window,
  type: 'MaxPool' | 'AveragePool',
): boolean {
  if (!values.isBlocked(x!) || !isMap(y!)) return false;
  const window = { kernel_shape: [kernel, kernel], strides: [stride, stride], pads: padding };
  values.set(y!, { blocked: values.to.op(type, [values.map(x!).name], window, NCHWC) });
  return true;
}

/** Windows side by side without padding; others are lowered plain. */
export function lowerMaxPoolGrad(values: BlockedValues, { inputs, outputs }: Node, window: Window): boolean {
  const [x, y, dy] = inputs as [Value, Value, Value];
  const sides = ({ shape }: Value) => shape.slice(2) as [number, number];
  if (!isTiling(window, sides(x), sides(y)) || !values.isBlocked(x) || !values.isBlocked(y)) return false;
  const names = [values.map(x).name, values.map(y).name, values.map(dy).name] as const;
  values.set(outputs[0]!, { blocked: tiledMaxPoolGrad(values.to, window.kernel, names) });
  return true;
}
