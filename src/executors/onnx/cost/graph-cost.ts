import { elementCount } from '../../../foundation/element-count.ts';
import { type NodeProto, TensorProto_DataType as OnnxType, type TensorProto } from '../onnx-proto.ts';
import type { OnnxFile } from '../read.ts';

export type Shape = readonly number[];

/** Cost of one operator of a graph, for one image. */
export interface NodeCost {
  /** Name of its first output. */
  readonly name: string;
  readonly operator: string;
  /** Values of the graph that it reads, without constants. */
  readonly inputs: readonly string[];
  /** Shape of its first output, or undefined if unknown. */
  readonly shape: Shape | undefined;
  /** Number of trainable parameters. */
  readonly parameters: number;
  readonly macs: number;
  /** Elements read and written, including parameters. */
  readonly memoryAccess: number;
}

export interface GraphCost {
  readonly parameters: number;
  readonly macs: number;
  readonly memoryAccess: number;
  /** Peak size of the values that are in memory at once, in elements. Each value is freed after its last use. */
  readonly activationMemory: number;
  readonly nodes: readonly NodeCost[];
  /** Operators whose cost is not, or not fully, included. */
  readonly uncounted: readonly string[];
}

const NUMBERS: readonly number[] = [
  OnnxType.FLOAT,
  OnnxType.FLOAT16,
  OnnxType.BFLOAT16,
  OnnxType.DOUBLE,
  OnnxType.INT8,
  OnnxType.UINT8,
];
/** Operators that only return another view of the same data. */
const FREE = ['Identity', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Dropout', 'Constant', 'Shape'];
/** A vector in these is learned (a bias, a scale). A map is a grid or an anchor, which is not learned. */
const ARITHMETIC = ['Add', 'Sub', 'Mul', 'Div'];
/** Constants of these are settings: limits, sizes, exponents. */
const WITHOUT_PARAMETERS = /^(Pow|Min|Max|Clip|Resize|Upsample|Where|Equal|Pad|Tile|QuantizeLinear)$/;
/** These multiply and accumulate, but are not counted here. Those with subgraphs may contain such operators. */
const UNCOUNTED =
  /^(Einsum|LSTM|GRU|RNN|If|Loop|Scan|DeformConv|Attention|MultiHeadAttention|GridSample|.*NBits)$/;

const isVector = (shape: Shape) => shape.filter((size) => size > 1).length === 1;
const integer = ({ attribute }: NodeProto, name: string, otherwise: number) => {
  const found = attribute.find((candidate) => candidate.name === name);
  return found ? Number(found.i) : otherwise;
};

/** Returns the multiply-accumulates of a node, or undefined if they depend on an unknown shape. */
function nodeMacs(
  node: NodeProto,
  shapeOf: (name: string | undefined) => Shape | undefined,
): number | undefined {
  const output = shapeOf(node.output[0]);
  const of = (index: number) => shapeOf(node.input[index]);
  const each = (input: Shape | undefined, weights: Shape | undefined, of: (weights: Shape) => number) =>
    input && weights && elementCount(input) * of(weights);
  switch (node.opType) {
    case 'Conv':
    case 'FusedConv':
    case 'ConvInteger':
      // [out, in / groups, kernel …]
      return each(output, of(1), (weights) => elementCount(weights.slice(1)));
    case 'QLinearConv':
      return each(output, of(3), (weights) => elementCount(weights.slice(1)));
    case 'ConvTranspose':
      // [in, out / groups, kernel …]
      return each(of(0), of(1), (weights) => elementCount(weights.slice(1)));
    case 'Gemm':
      return each(output, of(0), (input) => input[integer(node, 'transA', 0) === 1 ? 0 : 1]!);
    case 'MatMul':
    case 'MatMulInteger':
    case 'QLinearMatMul':
    case 'FusedMatMul':
      return each(output, of(0), (input) => input.at(-1)!);
    default:
      return 0;
  }
}

/** Returns the peak size of the values that are in memory at once. */
function peak(
  nodes: readonly NodeProto[],
  kept: ReadonlySet<string>,
  sizeOf: (name: string) => number,
): number {
  const lastUse = new Map<string, number>();
  nodes.forEach(({ input }, index) => {
    for (const name of input) lastUse.set(name, index);
  });
  const alive = new Map(
    [...lastUse.keys()].filter((name) => kept.has(name)).map((name) => [name, sizeOf(name)]),
  );
  let sum = [...alive.values()].reduce((whole, size) => whole + size, 0);
  let most = sum;
  nodes.forEach(({ input, output }, index) => {
    for (const name of output) {
      alive.set(name, sizeOf(name));
      sum += sizeOf(name);
    }
    most = Math.max(most, sum);
    for (const name of input) {
      if (lastUse.get(name) !== index) continue;
      sum -= alive.get(name) ?? 0;
      alive.delete(name);
    }
  });
  return most;
}

/**
 * Returns the cost of a graph for one image, in total and by node. Nodes that only read constants cost nothing, because
 * a runtime computes them once.
 * @param shapes shapes of the graph's inputs and of its nodes' outputs, as far as known
 * @param batch number of images in these shapes
 */
export function graphCost(
  { proto, inputs }: OnnxFile,
  shapes: ReadonlyMap<string, Shape>,
  batch: number,
): GraphCost {
  const { graph } = proto;
  const held = new Map<string, TensorProto>(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const constants = new Set(held.keys());
  const dims = ({ dims: sizes }: TensorProto) => sizes.map(Number);
  const shapeOf = (name: string | undefined): Shape | undefined => {
    if (name === undefined || name === '') return undefined;
    const tensor = held.get(name);
    return tensor ? dims(tensor) : shapes.get(name);
  };
  /** Number of elements: of a value per image, of a constant in total. */
  const elements = (name: string) => elementCount(shapeOf(name) ?? [0]) / (constants.has(name) ? 1 : batch);
  const counted = new Set<string>();
  const uncounted = new Set<string>();
  /** Each tensor counts for the first node that reads it. */
  const parametersOf = ({ input, opType }: NodeProto) => {
    let sum = 0;
    const isWhole = opType === 'DequantizeLinear';
    // Scales and zero points are not learned.
    const learned = isWhole ? input.slice(0, 1) : input;
    for (const name of WITHOUT_PARAMETERS.test(opType) ? [] : learned) {
      const tensor = held.get(name);
      const isNumber = tensor && (NUMBERS.includes(tensor.dataType) || isWhole);
      if (!tensor || counted.has(name) || !isNumber) continue;
      if (ARITHMETIC.includes(opType) && !isVector(dims(tensor))) continue;
      counted.add(name);
      sum += elementCount(dims(tensor));
    }
    return sum;
  };
  const nodes = graph.node.map((node): NodeCost => {
    const { opType: operator, input, output } = node;
    const read = input.filter((name) => name !== '');
    const isConstant = read.every((name) => constants.has(name));
    if (isConstant) for (const name of output) constants.add(name);
    const shape = shapeOf(output[0]);
    const parameters = parametersOf(node);
    const costsNothing = isConstant || FREE.includes(operator);
    const macs = costsNothing ? 0 : nodeMacs(node, shapeOf);
    if (macs === undefined || (!costsNothing && UNCOUNTED.test(operator))) uncounted.add(operator);
    const moved = [...read, ...output].reduce((sum, name) => sum + elements(name), 0);
    return {
      name: output[0] ?? node.name,
      operator,
      inputs: read.filter((name) => !constants.has(name)),
      shape,
      parameters,
      macs: (macs ?? 0) / batch,
      memoryAccess: costsNothing ? 0 : moved,
    };
  });
  const sum = (of: (node: NodeCost) => number) => nodes.reduce((whole, node) => whole + of(node), 0);
  const running = graph.node.filter(({ output }) => !constants.has(output[0] ?? ''));
  return {
    parameters: sum((node) => node.parameters),
    macs: sum((node) => node.macs),
    memoryAccess: sum((node) => node.memoryAccess),
    activationMemory: peak(running, new Set(inputs.map(({ name }) => name)), (name) =>
      constants.has(name) ? 0 : elements(name),
    ),
    nodes,
    uncounted: [...uncounted],
  };
}
