import type { NodeProto } from '../../executors/onnx/onnx-proto.ts';
import { type Convolution, CUTTING } from './convolutions.ts';
import { type GraphView, onlyUser, readValues } from './graph.ts';

/** Which nodes compute in 8 bits. */
export interface QuantizationPlan {
  readonly convolutions: readonly Convolution[];
  /** Values that are integers. Each maps to the value whose scale it has, which is usually itself. */
  readonly values: ReadonlyMap<string, string>;
}

/** Operators that move values without changing them, so that the scale stays the same. */
const MOVING = [
  'MaxPool',
  'Resize',
  'Reshape',
  'Transpose',
  'Squeeze',
  'Unsqueeze',
  'Flatten',
  'Slice',
  'Split',
];
/** Operators for which ONNX Runtime has 8-bit kernels. */
const COMPUTING = [
  ...['Add', 'Mul', 'Concat', 'LeakyRelu', 'Sigmoid', 'AveragePool', 'GlobalAveragePool', 'Relu', 'Clip'],
];
/** First operator set whose MaxPool accepts integers. */
const WHOLE_POOLING = 12;

const isNearest = ({ attribute }: NodeProto) =>
  attribute.every(({ name, s }) => name !== 'mode' || Buffer.from(s).toString() === 'nearest');

function isMoving({ opType, domain }: NodeProto): boolean {
  return domain === '' && MOVING.includes(opType);
}

/** Whether a node other than a convolution can compute in 8 bits. */
function isAble(view: GraphView, node: NodeProto): boolean {
  const { opType, domain } = node;
  if (domain !== '') return false;
  if (opType === 'Resize') return isNearest(node);
  if (opType === 'MaxPool') return view.opset >= WHOLE_POOLING && node.output.length === 1;
  // With a constant operand, the node stays in float, because the constant would need its own scale.
  if (opType === 'Add' || opType === 'Mul') return readValues(view, node).length === 2;
  return MOVING.includes(opType) || COMPUTING.includes(opType);
}

/** Returns a node's data inputs. For example, a Reshape's shape is not data. */
function dataOf(view: GraphView, node: NodeProto): readonly string[] {
  return isMoving(node) ? node.input.slice(0, 1) : readValues(view, node);
}

/**
 * Whether requantization already does a node's work. It then clips the result of an 8-bit node that nothing else reads.
 */
function isFolded(view: GraphView, { opType, input }: NodeProto, able: ReadonlySet<NodeProto>): boolean {
  const [read = ''] = input;
  const maker = view.makers.get(read);
  const isCutting = CUTTING.includes(opType) && onlyUser(view, read) !== undefined;
  return isCutting && maker !== undefined && able.has(maker) && !isMoving(maker);
}

/** Returns the value whose scale a value has: the one before all nodes that only move it. */
function rootOf(roots: ReadonlyMap<string, string>, value: string): string {
  let root = value;
  while (roots.has(root)) root = roots.get(root)!;
  return root;
}

/**
 * Plans which nodes between 8-bit convolutions also compute in 8 bits: those that lead to the input of such a
 * convolution.
 * @param convolutions the convolutions that compute in 8 bits
 * @param between whether other nodes may compute in 8 bits
 */
export function planQuantization(
  view: GraphView,
  convolutions: readonly Convolution[],
  between: boolean,
): QuantizationPlan {
  const own = new Set(convolutions.flatMap(({ node, activation }) => [node, activation ?? node]));
  const wanted = new Set(convolutions.map(({ input }) => input));
  const able = new Set(between ? view.nodes.filter((node) => !own.has(node) && isAble(view, node)) : []);
  for (const node of view.nodes.toReversed()) {
    if (!able.has(node)) continue;
    if (node.output.some((name) => wanted.has(name))) for (const name of dataOf(view, node)) wanted.add(name);
    else able.delete(node);
  }
  const whole = new Set(convolutions.flatMap(({ input, output }) => [input, output]));
  const roots = new Map<string, string>();
  for (const node of view.nodes) {
    const data = dataOf(view, node);
    // A value without a node is an input of the graph, which does not change.
    const isInside = data.every((name) => view.makers.has(name));
    if (!able.has(node) || !isInside || !data.some((name) => whole.has(name))) continue;
    for (const name of [...data, ...node.output]) whole.add(name);
    if (isFolded(view, node, able)) whole.delete(data[0]!);
    if (isMoving(node)) for (const name of node.output) roots.set(name, data[0]!);
  }
  return { convolutions, values: new Map([...whole].map((name) => [name, rootOf(roots, name)])) };
}
