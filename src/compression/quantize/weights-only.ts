import { create } from '@bufbuild/protobuf';
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataType as OnnxType,
  type TensorProto,
} from '../../executors/onnx/onnx-proto.ts';
import { tensorFloats, tensorOf } from '../../executors/onnx/tensor-data.ts';
import { findConvolutions } from './convolutions.ts';
import { type OnnxProto, viewGraph } from './graph.ts';
import { wholeWeights } from './scales.ts';

/** Number of 4-bit weights that share a scale. */
const BLOCK = 32;
/** Smaller kernels would save nothing. */
const LEAST_WEIGHTS = 256;
/** 4-bit integers are stored with this offset, so that they start at 0. */
const OFFSET = 8;

const [SIXTEEN, HALF] = ['steps of 4 bits', 'middle of 4 bits'];
/** Constants that all 4-bit weights use. */
const SHARED = [tensorOf(SIXTEEN, [], Float32Array.of(16)), tensorOf(HALF, [], Float32Array.of(OFFSET))];

/** Constants, and nodes that convert them to weights. */
interface Packed {
  readonly tensors: readonly TensorProto[];
  readonly nodes: readonly NodeProto[];
}

function integerAttribute(name: string, value: number) {
  return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) });
}

/** Creates a node with one output, and names it after this output. */
function node(
  opType: string,
  input: readonly string[],
  output: string,
  attributes: Record<string, number> = {},
) {
  const attribute = Object.entries(attributes).map(([name, value]) => integerAttribute(name, value));
  return create(NodeProtoSchema, {
    opType,
    name: `${output} ${opType}`,
    input: [...input],
    output: [output],
    attribute,
  });
}

/** Packs weights as 8-bit integers with one scale per output channel. */
function packBytes(name: string, shape: readonly number[], weights: Float32Array): Packed {
  const [channels = 1] = shape;
  const { values, scales } = wholeWeights(weights, channels, 8);
  const [whole, scale] = [`${name} as whole`, `${name} scale`];
  return {
    tensors: [
      tensorOf(whole, shape, values),
      tensorOf(scale, [channels, ...shape.slice(1).map(() => 1)], scales),
    ],
    nodes: [
      node('Cast', [whole], `${name} as float`, { to: OnnxType.FLOAT }),
      node('Mul', [`${name} as float`, scale], name),
    ],
  };
}

/** Packs weights as 4-bit integers, two per byte, with one scale per block of 32 consecutive weights. */
function packHalfBytes(name: string, shape: readonly number[], weights: Float32Array): Packed {
  const blocks = weights.length / BLOCK;
  const scales = new Float32Array(blocks);
  const bytes = new Uint8Array(weights.length / 2);
  for (let block = 0; block < blocks; block++) {
    const own = weights.subarray(block * BLOCK, (block + 1) * BLOCK);
    const largest = own.reduce((most, weight) => (Math.abs(weight) > Math.abs(most) ? weight : most), 0);
    // The largest magnitude becomes −8, whatever its sign, because the negative side has one more step.
    const scale = Math.fround(-largest / OFFSET);
    scales[block] = scale;
    const whole = (weight: number) =>
      scale === 0 ? OFFSET : Math.min(7, Math.max(-8, Math.round(weight / scale))) + OFFSET;
    for (let i = 0; i < BLOCK / 2; i++) {
      bytes[(block * BLOCK) / 2 + i] = whole(own[i]!) + 16 * whole(own[i + BLOCK / 2]!);
    }
  }
  const part = (role: string) => `${name} ${role}`;
  return {
    tensors: [
      tensorOf(part('whole'), [blocks, BLOCK / 2], bytes),
      tensorOf(part('scale'), [blocks, 1], scales),
      tensorOf(part('shape'), [shape.length], BigInt64Array.from(shape, BigInt)),
    ],
    nodes: [
      node('Cast', [part('whole')], part('bytes'), { to: OnnxType.FLOAT }),
      node('Div', [part('bytes'), SIXTEEN], part('parts')),
      node('Floor', [part('parts')], part('upper')),
      node('Mul', [part('upper'), SIXTEEN], part('raised')),
      node('Sub', [part('bytes'), part('raised')], part('lower')),
      node('Concat', [part('lower'), part('upper')], part('joined'), { axis: 1 }),
      node('Sub', [part('joined'), HALF], part('signed')),
      node('Mul', [part('signed'), part('scale')], part('blocks')),
      node('Reshape', [part('blocks'), part('shape')], name),
    ],
  };
}

/**
 * Returns a graph in which the convolutions' weights are stored in 8 or 4 bits. The runtime unpacks them when it loads
 * the graph, so the file is smaller at the same speed.
 * @returns the graph, and the number of packed kernels; small ones are not packed
 */
export function packWeights(
  model: OnnxProto,
  bits: 8 | 4,
): { readonly model: OnnxProto; readonly packed: number } {
  const view = viewGraph(model);
  const packed = new Map<string, Packed>();
  for (const { weights: name } of findConvolutions(view)) {
    const tensor = view.constants.get(name)!;
    const [shape, weights] = [tensor.dims.map(Number), tensorFloats(tensor)];
    if (weights.length < LEAST_WEIGHTS || (bits === 4 && weights.length % BLOCK !== 0)) continue;
    packed.set(name, bits === 8 ? packBytes(name, shape, weights) : packHalfBytes(name, shape, weights));
  }
  const parts = [...packed.values()];
  const graph = create(GraphProtoSchema, {
    ...model.graph,
    node: [...parts.flatMap(({ nodes }) => nodes), ...model.graph.node],
    initializer: [
      ...model.graph.initializer.filter(({ name }) => !packed.has(name)),
      ...parts.flatMap(({ tensors }) => tensors),
      ...(bits === 4 && parts.length > 0 ? SHARED : []),
    ],
    input: model.graph.input.filter(({ name }) => !packed.has(name)),
  });
  return { model: { ...create(ModelProtoSchema, model), graph }, packed: packed.size };
}
