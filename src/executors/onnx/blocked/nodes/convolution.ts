import type { Node, Operation, Value } from '../../../../graph/operations.ts';
import type { FormChooser } from '../choices.ts';
import { type FilterGradient, FORMS, filterForms } from '../conv-grad-filter.ts';
import { conv, convGradInput } from '../convolution.ts';
import { type KernelLayout, plainMap } from '../layout.ts';
import { layoutOf } from '../plan.ts';
import type { BlockedValues, Shape4 } from '../values.ts';

type ConvGradFilter = Operation & { op: 'convGradFilter' };

export function lowerConv(values: BlockedValues, node: Node, operation: Operation & { op: 'conv' }): boolean {
  const layout = layoutOf(node, values.block);
  if (!layout) return false;
  const [x, weight, bias] = node.inputs as [Value, Value, Value | undefined];
  const source = layout.kind === 'thin' ? values.plain(x) : values.map(x).name;
  const shift = bias && values.vector(bias);
  const blocked = conv(values.to, operation, source, values.kernel(weight), layout, shift);
  values.set(node.outputs[0]!, { blocked });
  return true;
}

export function lowerConvGradInput(
  values: BlockedValues,
  node: Node,
  operation: Operation & { op: 'convGradInput' },
): boolean {
  const layout = layoutOf(node, values.block);
  if (!layout) return false;
  const [dy, weight] = node.inputs as [Value, Value];
  const [dx] = node.outputs as [Value];
  const [map, kernel] = [values.map(dy), values.kernel(weight)];
  const blocked = convGradInput(values.to, operation, map, kernel, layout, values.padded(dx));
  if (blocked === undefined) return false;
  values.set(dx, { blocked });
  return true;
}

function filterGradient(
  values: BlockedValues,
  operation: ConvGradFilter,
  layout: KernelLayout,
  [x, dy]: readonly [Value, Value],
): FilterGradient {
  const isThin = layout.kind === 'thin';
  return {
    operation,
    layout,
    xShape: isThin ? (x.shape as Shape4) : values.padded(x),
    dy: values.map(dy),
    // Made when a form asks: not every form needs both.
    get x(): string {
      if (isThin || values.isFilled(x)) return values.plain(x);
      return plainMap(values.to, values.map(x).name, values.padded(x)[1]);
    },
    get xBlocked(): string {
      return values.map(x).name;
    },
  };
}

export function lowerConvGradFilter(
  values: BlockedValues,
  node: Node,
  operation: ConvGradFilter,
  chooser: FormChooser,
): boolean {
  const layout = layoutOf(node, values.block);
  if (!layout) return false;
  const gradient = filterGradient(values, operation, layout, node.inputs as [Value, Value]);
  const form = chooser.choose(node, filterForms(gradient));
  if (!form) return false;
  values.set(node.outputs[0]!, { kernel: FORMS[form](values.to, gradient) });
  return true;
}
