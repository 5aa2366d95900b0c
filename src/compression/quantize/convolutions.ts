import { type NodeProto, TensorProto_DataType as OnnxType } from '../../executors/onnx/onnx-proto.ts';
import { type GraphView, onlyUser, readValues } from './graph.ts';

/** A convolution with constant weights, and what the runtime folds into it. */
export interface Convolution {
  /** The layer that its weights are named after, or the value that it gives. */
  readonly name: string;
  readonly node: NodeProto;
  readonly input: string;
  /** Name of its weights, [out, in / groups, rows, columns]. */
  readonly weights: string;
  /** Name of its bias; undefined if it has none. */
  readonly bias: string | undefined;
  /** A rectifier that alone reads what it gives. */
  readonly activation: NodeProto | undefined;
  /** What comes out of it, after the rectifier. */
  readonly output: string;
  /** Whether it reads what no convolution has seen: the image. */
  readonly isFirst: boolean;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly groups: number;
  /** Rows and columns. */
  readonly kernel: readonly [number, number];
}

/** What requantization does anyway: values below 0, or above a limit, are cut. */
export const CUTTING: readonly string[] = ['Relu', 'Clip'];

const integer = ({ attribute }: NodeProto, name: string, otherwise: number) =>
  Number(attribute.find((candidate) => candidate.name === name)?.i ?? otherwise);

function layerName(weights: string, { name, output }: NodeProto): string {
  return /^(.+?)\.weight(?:\.|$)/.exec(weights)?.[1] ?? (name || output[0]!);
}

/** Whether a value depends on no convolution. */
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

/** The convolutions of a graph over maps, of 32-bit weights, in its order. */
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
        inChannels: perGroup * groups,
        outChannels,
        groups,
        kernel: [rows, columns],
      },
    ];
  });
}

export const isDepthwise = ({ groups, inChannels }: Convolution) => groups > 1 && groups === inChannels;
