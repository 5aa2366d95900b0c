import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import { describeNode } from '../../executors/onnx/isolated-nodes.ts';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataType as OnnxType,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from '../../executors/onnx/onnx-proto.ts';
import { takeProfiledNodes } from '../../executors/onnx/profile.ts';
import { createSession } from '../../executors/onnx/session/session.ts';
import { elementCount } from '../../foundation/element-count.ts';
import { lowestTenth } from '../../foundation/timing/median.ts';
import type { Convolution } from './convolutions.ts';
import { type GraphView, type OnnxProto, onlyUser } from './graph.ts';
import { insertQuantization } from './insert.ts';
import type { CalibratedValue } from './ranges/calibrate.ts';

/** Milliseconds of a layer in both precisions. */
export interface LayerTime {
  /** Milliseconds in float. */
  readonly float32: number;
  /** Milliseconds in 8 bits. */
  readonly int8: number;
}

export interface TimeLayersOptions {
  readonly bits: 7 | 8;
  readonly threads: number | undefined;
  /** Called before each layer that is timed. */
  readonly onLayer: () => void;
}

const RUNS = 12;
const INPUT = 'timed input';
/** Conversions between precisions and layouts, which neighbors with the same format do not need. */
const CONVERSIONS = ['QuantizeLinear', 'DequantizeLinear', 'ReorderInput', 'ReorderOutput', 'Transpose'];

/** Returns the nodes from a convolution to its activation. */
function layerNodes(view: GraphView, { node, activation }: Convolution): readonly NodeProto[] {
  const next = activation ?? onlyUser(view, node.output[0]!);
  return next && (activation || next.opType === 'LeakyRelu') ? [node, next] : [node];
}

/** Returns a graph with only one layer. */
function layerModel(
  model: OnnxProto,
  view: GraphView,
  nodes: readonly NodeProto[],
  input: string,
  shape: readonly number[],
): OnnxProto {
  const dim = shape.map((size) =>
    create(TensorShapeProto_DimensionSchema, { value: { case: 'dimValue', value: BigInt(size) } }),
  );
  const tensor = create(TypeProto_TensorSchema, {
    elemType: OnnxType.FLOAT,
    shape: create(TensorShapeProtoSchema, { dim }),
  });
  const type = create(TypeProtoSchema, { value: { case: 'tensorType', value: tensor } });
  const constants = nodes.flatMap((node) => node.input.flatMap((name) => view.constants.get(name) ?? []));
  const graph = create(GraphProtoSchema, {
    name: 'layer',
    node: [
      create(NodeProtoSchema, { opType: 'Identity', name: INPUT, input: [INPUT], output: [input] }),
      ...nodes,
    ],
    initializer: constants,
    input: [create(ValueInfoProtoSchema, { name: INPUT, type })],
    output: [create(ValueInfoProtoSchema, { name: nodes.at(-1)!.output[0]! })],
  });
  return { ...create(ModelProtoSchema, { ...model, metadataProps: [] }), graph };
}

async function timeModel(model: OnnxProto, shape: readonly number[], threads: number | undefined) {
  const folder = await mkdtemp(join(tmpdir(), 'micro-yolo-layer-'));
  try {
    const profile = join(folder, 'profile');
    await using session = await createSession(toBinary(ModelProtoSchema, model), { threads, profile });
    const data = Float32Array.from({ length: elementCount(shape) }, (_, i) => (i % 251) / 251);
    for (let run = 0; run <= RUNS; run++) await session.run({ [INPUT]: { shape, data } });
    session.endProfile();
    const nodes = await takeProfiledNodes(profile);
    return nodes
      .filter(({ operation }) => !CONVERSIONS.includes(operation))
      .reduce((sum, { milliseconds }) => sum + lowestTenth(milliseconds), 0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Times each convolution with its activation in float and in 8 bits, separately, on this machine. Layers of the same
 * type and shape are timed once.
 * @param shapes shapes of the graph's values
 * @returns times by the convolutions' outputs, without those of unknown shapes
 */
export async function timeLayers(
  model: OnnxProto,
  view: GraphView,
  convolutions: readonly Convolution[],
  shapes: ReadonlyMap<string, readonly number[]>,
  { bits, threads, onLayer }: TimeLayersOptions,
): Promise<ReadonlyMap<string, LayerTime>> {
  const known = new Map<string, LayerTime>();
  const times = new Map<string, LayerTime>();
  for (const convolution of convolutions) {
    onLayer();
    const shape = shapes.get(convolution.input);
    if (!shape) continue;
    const nodes = layerNodes(view, convolution);
    const { outChannels, inChannels } = convolution;
    const key = [...nodes.map(describeNode), inChannels, outChannels, shape.join('×')].join(' | ');
    let time = known.get(key);
    if (!time) {
      const float = layerModel(model, view, nodes, convolution.input, shape);
      const isRectified = convolution.activation !== undefined;
      const values = nodes.flatMap(({ output }, i) => (isRectified && i === 0 ? [] : [output[0]!]));
      const plan = {
        convolutions: [convolution],
        values: new Map([convolution.input, ...values].map((name) => [name, name])),
      };
      const seen: CalibratedValue = { range: [isRectified ? 0 : -1, 1], means: new Float64Array() };
      const ranges = new Map([...plan.values.keys()].map((name) => [name, seen]));
      const int8 = insertQuantization(float, plan, ranges, { bits, biasCorrection: false });
      time = {
        float32: await timeModel(float, shape, threads),
        int8: await timeModel(int8, shape, threads),
      };
      known.set(key, time);
    }
    times.set(convolution.output, time);
  }
  return times;
}
