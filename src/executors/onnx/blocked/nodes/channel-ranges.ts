import type { Node, Operation, Value } from '../../../../graph/operations.ts';
import { isMap } from '../plan.ts';
import type { BlockedValues } from '../values.ts';

/** Maps of whole blocks, one after the other. */
export function lowerConcat(values: BlockedValues, { inputs, outputs: [y] }: Node, axis: number): boolean {
  if (axis !== 1 || !isMap(y!) || !inputs.every((input) => values.isFilled(input))) return false;
  if (!inputs.some((input) => values.isBlocked(input))) return false;
  const names = inputs.map((input) => values.map(input).name);
  values.set(y!, { blocked: values.to.op('Concat', names, { axis: 1 }) });
  return true;
}

/** Whole blocks of channels, cut out or put back; parts of a plain vector. */
export function lowerChannelRange(
  values: BlockedValues,
  { inputs, outputs }: Node,
  operation: Operation & { op: 'split' | 'slice' | 'pad' },
): boolean {
  const { to, block } = values;
  const [x] = inputs as [Value];
  if (operation.op === 'split' && x.shape.length === 1) {
    // One operation however many parts there are, which only CPUs can do.
    const { sizes } = operation;
    const parts = to.ops('Split', [values.plain(x), to.integers(sizes)], sizes.length, { axis: 0 });
    for (const [index, part] of parts.entries()) values.set(outputs[index]!, { plain: part });
    return true;
  }
  const isWhole = [x, ...outputs].every((value) => isMap(value) && values.isFilled(value));
  if (operation.axis !== 1 || !isWhole || !values.isBlocked(x)) return false;
  const { name } = values.map(x);
  if (operation.op === 'split') {
    const { sizes } = operation;
    to.ops('Split', [name, to.integers(sizes)], sizes.length, { axis: 1 }).forEach((part, index) => {
      values.set(outputs[index]!, { blocked: part });
    });
    return true;
  }
  if (operation.op === 'slice') {
    if (operation.start % block !== 0) return false;
    values.set(outputs[0]!, { blocked: to.slice(name, [1], [operation.start], [operation.end]) });
    return true;
  }
  if (operation.before % block !== 0) return false;
  const padded = to.pad(name, [0, operation.before, 0, 0], [0, operation.after, 0, 0]);
  values.set(outputs[0]!, { blocked: padded });
  return true;
}
