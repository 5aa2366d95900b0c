import { type NodeProto, TensorProto_DataType as OnnxType } from '../../executors/onnx/onnx-proto.ts';
import { type GraphView, onlyUser, readValues } from './graph.ts';

/** A convolution with constant weights, and what the runtime folds into it. */
export interface Convolution {
  /** The layer after which its weights are named, or else the name of its output. */
  readonly name: string;
  readonly node: NodeProto;
  readonly input: string;
  /** Name of its weights, [out, in / groups, rows, columns]. */
  readonly weights: string;
  /** Name of its bias, or undefined if it has none. */
  readonly bias: string | undefined;
  /** A rectifier, if it is the only reader of the convolution's output. */
  readonly activation: NodeProto | undefined;
  /** The output after the rectifier. */
  readonly output: string;
  /** Whether no convolution precedes it, so that it reads the image. */
  readonly isFirst: boolean;
  /** Whether it leads to an output without another weighted layer. 8 bits would then round the decoded values. */
  readonly isLast: boolean;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly groups: number;
  /** Kernel size: rows and columns. */
  readonly kernel: readonly [number, number];
}

/** Requantization does the same: it clips values below 0, or above a limit. */
export const CUTTING: readonly string[] = ['Relu', 'Clip'];

const integer = ({ attribute }: NodeProto, name: string, otherwise: number) =>
  Number(attribute.find((candidate) => candidate.name === name)?.i ?? otherwise);

function layerName(weights: string, { name, output }: NodeProto): string {
  return /^(.+?)\.weight(?:\.|$)/.exec(weights)?.[1] ?? (name || output[0]!);
}

/** Whether a value does not depend on a convolution. */
function isUnseen(view: GraphView, value: string): boolean {
  const open = [value];
  const seen = new Set(open);
  for (const name of open) {
    const maker = view.makers.get(name);
    if (!maker) continue;
    if (maker.opType === 'Conv') return false;
    for (const read of readValues(view, maker)) {
      if (seen.has(read)) continue;
      seen.add(read);
      open.push(read);
    }
  }
  return true;
}

/** Layers with weights, after which a value no longer counts as the same. */
const WEIGHTED = ['Conv', 'ConvTranspose', 'MatMul', 'Gemm'];

/** Whether a value leads to an output of the graph without another weighted layer. */
function isDecoded({ users, outputs }: GraphView, value: string): boolean {
  const open = [value];
  const seen = new Set(open);
  for (const name of open) {
    if (outputs.has(name)) return true;
    for (const { opType, output } of users.get(name) ?? []) {
      if (WEIGHTED.includes(opType)) continue;
      for (const given of output) {
        if (seen.has(given)) continue;
        seen.add(given);
        open.push(given);
      }
    }
  }
  return false;
}

/** Returns the 2D convolutions with float32 weights in a graph, in order. */
export function findConvolutions(view: GraphView): readonly Convolution[] {
  return view.nodes.flatMap((node): Convolution[] => {
    const [input, weights, bias] = node.input;
    const tensor = view.constants.get(weights ?? '');
    if (node.opType !== 'Conv' || node.domain !== '' || input === undefined) return [];
    if (tensor?.dataType !== OnnxType.FLOAT || tensor.dims.length !== 4) return [];
    if (bias && view.constants.get(bias)?.dataType !== OnnxType.FLOAT) return [];
    const [outChannels, perGroup, rows, columns] = tensor.dims.map(Number) as [
      number,
      number,
      number,
      number,
    ];
    const groups = integer(node, 'group', 1);
    const next = onlyUser(view, node.output[0]!);
    const activation = next && CUTTING.includes(next.opType) ? next : undefined;
    return [
      {
        name: layerName(tensor.name, node),
        node,
        input,
        weights: tensor.name,
        bias: bias || undefined,
        activation,
        output: (activation ?? node).output[0]!,
        isFirst: isUnseen(view, input),
        isLast: isDecoded(view, node.output[0]!),
        inChannels: perGroup * groups,
        outChannels,
        groups,
        kernel: [rows, columns],
      },
    ];
  });
}

export const isDepthwise = ({ groups, inChannels }: Convolution) => groups > 1 && groups === inChannels;
