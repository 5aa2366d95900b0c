import { elementCount } from '../../../foundation/element-count.ts';
import { type NodeProto, TensorProto_DataType as OnnxType, type TensorProto } from '../onnx-proto.ts';
import type { OnnxFile } from '../read.ts';

export type Shape = readonly number[];

/** What one operator of a graph costs for one image. */
export interface NodeCost {
  /** Of its first output. */
  readonly name: string;
  readonly operator: string;
  /** Values of the graph that it reads. */
  readonly inputs: readonly string[];
  /** Of its first output; undefined if it is not known. */
  readonly shape: Shape | undefined;
  /** Number of trainable parameters. */
  readonly parameters: number;
  readonly macs: number;
  /** Elements read and written, parameters too. */
  readonly memoryAccess: number;
}

export interface GraphCost {
  readonly parameters: number;
  readonly macs: number;
  readonly memoryAccess: number;
  /** Largest sum of values alive at once, in elements, each freed after its last use. */
  readonly activationMemory: number;
  readonly nodes: readonly NodeCost[];
  /** Operators whose cost is not, or not wholly, in these numbers. */
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
/** They give another view of the same numbers. */
const FREE = ['Identity', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Dropout', 'Constant', 'Shape'];
/** Of these a vector is learned (a bias, a scale); a map is a grid or an anchor, which is not. */
const ARITHMETIC = ['Add', 'Sub', 'Mul', 'Div'];
/** What these read beside values are settings: limits, sizes, exponents. */
const WITHOUT_PARAMETERS = [
  'Pow',
  'Min',
  'Max',
  'Clip',
  'Resize',
  'Upsample',
  'Where',
  'Equal',
  'Pad',
  'Tile',
  'QuantizeLinear',
];
/** They multiply and accumulate, and are not counted here; those with graphs inside may. */
const UNCOUNTED =
  /^(Einsum|LSTM|GRU|RNN|If|Loop|Scan|DeformConv|Attention|MultiHeadAttention|GridSample|.*NBits)$/;

const isVector = (shape: Shape) => shape.filter((size) => size > 1).length === 1;
const integer = ({ attribute }: NodeProto, name: string, otherwise: number) => {
  const found = attribute.find((candidate) => candidate.name === name);
  return found ? Number(found.i) : otherwise;
};

/** Multiply-accumulates of a node; undefined if a shape that they depend on is unknown. */
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

/** Largest sum of the values alive at once. */
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
 * What a graph costs for one image, in all and by node. Nodes that read constants alone cost nothing: a runtime
 * computes them once.
 * @param shapes of the graph's inputs and of the values that its nodes give, as far as they are known
 * @param batch images that these shapes are of
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
  /** Of a value for one image, of a constant in all. */
  const elements = (name: string) => elementCount(shapeOf(name) ?? [0]) / (constants.has(name) ? 1 : batch);
  const counted = new Set<string>();
  const uncounted = new Set<string>();
  /** Each tensor counts for the first node that reads it. */
  const parametersOf = ({ input, opType }: NodeProto) => {
    let sum = 0;
    const isWhole = opType === 'DequantizeLinear';
    // Scales and zero points were not learned.
    const learned = isWhole ? input.slice(0, 1) : input;
    for (const name of WITHOUT_PARAMETERS.includes(opType) ? [] : learned) {
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
