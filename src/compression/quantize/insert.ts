import { create } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  type TensorProto,
} from '../../executors/onnx/onnx-proto.ts';
import { tensorFloats, tensorOf } from '../../executors/onnx/tensor-data.ts';
import { roundingShift } from './bias-correction.ts';
import { type OnnxProto, viewGraph } from './graph.ts';
import type { QuantizationPlan } from './plan.ts';
import type { CalibratedValue } from './ranges/calibrate.ts';
import { activationScale, leastScales, wholeBias, wholeWeights } from './scales.ts';

/** First operator set with a scale per channel. Before it, ONNX Runtime's own operators with these names are used. */
const BY_CHANNEL = 13;
const MICROSOFT = 'com.microsoft';

export interface InsertOptions {
  /** Bits of weights. 7 if sums of products would saturate otherwise. */
  readonly bits: 7 | 8;
  /** Whether biases compensate for the mean error of rounded weights. */
  readonly biasCorrection: boolean;
}

const axisZero = (): AttributeProto =>
  create(AttributeProtoSchema, { name: 'axis', type: AttributeType.INT, i: 0n });

/**
 * Returns a graph in which the planned values are integers. Each value is quantized and dequantized again
 * (QuantizeLinear, DequantizeLinear). ONNX Runtime computes the nodes between such pairs in 8 bits.
 * @param ranges of the planned values
 */
export function insertQuantization(
  model: OnnxProto,
  plan: QuantizationPlan,
  ranges: ReadonlyMap<string, CalibratedValue>,
  { bits, biasCorrection }: InsertOptions,
): OnnxProto {
  const { graph } = model;
  const view = viewGraph(model);
  const domain = view.opset < BY_CHANNEL ? MICROSOFT : '';
  const added = new Map<string, TensorProto>();
  const tensor = (...of: Parameters<typeof tensorOf>) => {
    added.set(of[0], tensorOf(...of));
    return of[0];
  };
  const node = (opType: string, input: readonly string[], output: string, attribute: AttributeProto[] = []) =>
    create(NodeProtoSchema, {
      opType,
      domain,
      name: `${output} ${opType}`,
      input: [...input],
      output: [output],
      attribute,
    });

  const scaleOf = (value: string) => activationScale(...ranges.get(plan.values.get(value)!)!.range);
  /** Quantizes and dequantizes a float value. */
  const pair = (from: string, value: string): NodeProto[] => {
    const root = plan.values.get(value)!;
    const { scale, zeroPoint } = scaleOf(value);
    const parameters = [
      tensor(`${root} scale`, [], Float32Array.of(scale)),
      tensor(`${root} zero`, [], Uint8Array.of(zeroPoint)),
    ];
    const whole = `${value} as whole`;
    return [
      node('QuantizeLinear', [from, ...parameters], whole),
      node('DequantizeLinear', [whole, ...parameters], value),
    ];
  };
  /** Constants of one convolution: integers, and nodes that convert them to floats. */
  const constants = (convolution: QuantizationPlan['convolutions'][number]) => {
    const { node: conv, outChannels, input } = convolution;
    const id = conv.output[0]!;
    const given = view.constants.get(convolution.weights)!;
    const floats = tensorFloats(given);
    const bias = convolution.bias
      ? tensorFloats(view.constants.get(convolution.bias)!)
      : new Float32Array(outChannels);
    const { scale } = scaleOf(input);
    const weights = wholeWeights(floats, outChannels, bits, leastScales(bias, scale));
    const { means } = ranges.get(input)!;
    const shift = biasCorrection ? roundingShift(convolution, floats, weights, means) : undefined;
    const corrected = bias.map((value, channel) => value + (shift?.[channel] ?? 0));
    const biases = wholeBias(corrected, scale, weights.scales);
    const part = (role: string, shape: number[], values: Int8Array | Int32Array, scales: Float32Array) => {
      const zeros = values instanceof Int8Array ? new Int8Array(outChannels) : new Int32Array(outChannels);
      const inputs = [
        tensor(`${id} ${role} as whole`, shape, values),
        tensor(`${id} ${role} scale`, [outChannels], scales),
        tensor(`${id} ${role} zero`, [outChannels], zeros),
      ];
      return node('DequantizeLinear', inputs, `${id} ${role}`, [axisZero()]);
    };
    return [
      part('weight', given.dims.map(Number), weights.values, weights.scales),
      part('bias', [outChannels], biases.values, biases.scales),
    ];
  };

  const chosen = new Map(plan.convolutions.map((convolution) => [convolution.node, convolution]));
  const raw = (name: string) => (plan.values.has(name) ? `${name} as float` : name);
  const nodes: NodeProto[] = [];
  for (const old of graph.node) {
    const convolution = chosen.get(old);
    const made = convolution ? constants(convolution) : [];
    const input = convolution ? [old.input[0]!, ...made.map(({ output }) => output[0]!)] : old.input;
    nodes.push(...made, create(NodeProtoSchema, { ...old, input, output: old.output.map(raw) }));
    for (const name of old.output) if (plan.values.has(name)) nodes.push(...pair(raw(name), name));
  }
  const used = new Set([...nodes.flatMap(({ input }) => input), ...view.outputs]);
  const initializer = [...graph.initializer, ...added.values()].filter(({ name }) => used.has(name));
  const held = new Set(graph.initializer.map(({ name }) => name));
  const isDropped = (name: string) => held.has(name) && !used.has(name);
  const opsetImport = [...model.opsetImport];
  if (domain !== '' && opsetImport.every((known) => known.domain !== domain)) {
    opsetImport.push(create(OperatorSetIdProtoSchema, { domain, version: 1n }));
  }
  return {
    ...create(ModelProtoSchema, { ...model, opsetImport }),
    graph: create(GraphProtoSchema, {
      ...graph,
      node: nodes,
      initializer,
      input: graph.input.filter(({ name }) => !isDropped(name)),
      valueInfo: [],
    }),
  };
}
