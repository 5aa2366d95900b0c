import type { NodeProto } from '../../executors/onnx/onnx-proto.ts';
import { type Convolution, CUTTING } from './convolutions.ts';
import { type GraphView, onlyUser, readValues } from './graph.ts';

/** Which nodes compute in 8 bits. */
export interface QuantizationPlan {
  readonly convolutions: readonly Convolution[];
  /** Values that are whole numbers, each with the value whose scale it has: mostly its own. */
  readonly values: ReadonlyMap<string, string>;
}

/** They move values, and give what they take: with its scale. */
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
/** ONNX Runtime has kernels of 8 bits for these. */
const COMPUTING = [
  ...['Add', 'Mul', 'Concat', 'LeakyRelu', 'Sigmoid', 'AveragePool', 'GlobalAveragePool', 'Relu', 'Clip'],
];
/** First operator set whose MaxPool takes whole numbers. */
const WHOLE_POOLING = 12;

const isNearest = ({ attribute }: NodeProto) =>
  attribute.every(({ name, s }) => name !== 'mode' || Buffer.from(s).toString() === 'nearest');

function isMoving({ opType, domain }: NodeProto): boolean {
  return domain === '' && MOVING.includes(opType);
}

/** Whether a node that is no convolution can compute in 8 bits. */
function isAble(view: GraphView, node: NodeProto): boolean {
  const { opType, domain } = node;
  if (domain !== '') return false;
  if (opType === 'Resize') return isNearest(node);
  if (opType === 'MaxPool') return view.opset >= WHOLE_POOLING && node.output.length === 1;
  // One that adds or multiplies by a constant stays in float: its constant would need a scale of its own.
  if (opType === 'Add' || opType === 'Mul') return readValues(view, node).length === 2;
  return MOVING.includes(opType) || COMPUTING.includes(opType);
}

/** What of a node's inputs is data: a Reshape's shape is none. */
function dataOf(view: GraphView, node: NodeProto): readonly string[] {
  return isMoving(node) ? node.input.slice(0, 1) : readValues(view, node);
}

/** Whether requantizing what a node reads does its work already: it cuts the one result of a node of 8 bits. */
function isFolded(view: GraphView, { opType, input }: NodeProto, able: ReadonlySet<NodeProto>): boolean {
  const [read = ''] = input;
  const maker = view.makers.get(read);
  const isCutting = CUTTING.includes(opType) && onlyUser(view, read) !== undefined;
  return isCutting && maker !== undefined && able.has(maker) && !isMoving(maker);
}

/** The value whose scale a value has: behind nodes that move values the first. */
function rootOf(roots: ReadonlyMap<string, string>, value: string): string {
  let root = value;
  while (roots.has(root)) root = roots.get(root)!;
  return root;
}

/**
 * Plans which nodes between convolutions of 8 bits compute in 8 bits as well: those whose results such a convolution reads.
 * @param convolutions that compute in 8 bits
 * @param between whether other nodes may; else convolutions alone do
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
    // What no node gives is an input of the graph, which stays as it is.
    const isInside = data.every((name) => view.makers.has(name));
    if (!able.has(node) || !isInside || !data.some((name) => whole.has(name))) continue;
    for (const name of [...data, ...node.output]) whole.add(name);
    if (isFolded(view, node, able)) whole.delete(data[0]!);
    if (isMoving(node)) for (const name of node.output) roots.set(name, data[0]!);
  }
  return { convolutions, values: new Map([...whole].map((name) => [name, rootOf(roots, name)])) };
}
