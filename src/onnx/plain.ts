import type { Node, Operation, Shape, UnaryFunction, Value } from '../graph/operations.ts';
import type { BoundGraph } from '../graph/passes/fold.ts';
import { type Attributes, type OnnxInitializer, type OnnxModel, type OnnxNode, onnxType } from './file.ts';

/** Every operation below exists in it; onnxruntime 1.12 and later reads it. */
const OPSET = 17;

const UNARY: Readonly<Record<UnaryFunction, string>> = {
  relu: 'Relu',
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
  softplus: 'Softplus',
  elu: 'Elu',
  selu: 'Selu',
};
const BINARY = { add: 'Add', subtract: 'Sub', multiply: 'Mul' } as const;

/** What lowering one node may use. */
interface Lowering {
  emit(type: string, inputs: readonly string[], outputs: readonly string[], attributes?: Attributes): void;
  integers(values: readonly number[]): string;
  floats(values: readonly number[]): string;
  scalar(value: number): string;
  /** A name for a tensor between two emitted nodes. */
  fresh(): string;
}

/** ONNX has no number for an axis of unknown size: 0 keeps the input's at that place, which is where `batch` is. */
const reshapeTarget = (shape: Shape) => shape.map((size) => (size === 'batch' ? 0 : size));

/** normalized x, mean and variance by standard operations: runtimes for inference lack BatchNormalization's training mode. */
function lowerBatchNormTraining(
  epsilon: number,
  [x, weight, bias]: readonly string[],
  [y, mean, variance]: readonly string[],
  { emit, integers, scalar, fresh }: Lowering,
): void {
  const axes = { axes: [0, 2, 3], keepdims: 1 };
  const [average, centered, square, spread, shifted, deviation, normalized, scaled] = Array.from(
    { length: 8 },
    fresh,
  );
  const perChannel = integers([1, -1, 1, 1]);
  const flat = integers([-1]);
  const [gain, offset] = [fresh(), fresh()];
  emit('ReduceMean', [x!], [average!], axes);
  emit('Sub', [x!, average!], [centered!]);
  emit('Mul', [centered!, centered!], [square!]);
  emit('ReduceMean', [square!], [spread!], axes);
  emit('Add', [spread!, scalar(epsilon)], [shifted!]);
  emit('Sqrt', [shifted!], [deviation!]);
  emit('Div', [centered!, deviation!], [normalized!]);
  emit('Reshape', [weight!, perChannel], [gain]);
  emit('Reshape', [bias!, perChannel], [offset]);
  emit('Mul', [normalized!, gain], [scaled!]);
  emit('Add', [scaled!, offset], [y!]);
  emit('Reshape', [average!, flat], [mean!]);
  emit('Reshape', [spread!, flat], [variance!]);
}

function lower(
  operation: Operation,
  node: Node,
  inputs: readonly string[],
  outputs: readonly string[],
  to: Lowering,
): void {
  const { emit, integers, floats, scalar, fresh } = to;
  const x = inputs[0]!;
  switch (operation.op) {
    case 'conv': {
      const kernel = node.inputs[1]!.shape.slice(2) as number[];
      const { stride, padding, groups } = operation;
      const attributes = { kernel_shape: kernel, strides: [stride, stride], pads: padding, group: groups };
      return emit('Conv', inputs, outputs, attributes);
    }
    case 'batchNorm':
      return emit('BatchNormalization', inputs, outputs, { epsilon: { float: operation.epsilon } });
    case 'batchNormTraining':
      return lowerBatchNormTraining(operation.epsilon, inputs, outputs, to);
    case 'unary':
      return emit(UNARY[operation.function], inputs, outputs);
    case 'leakyRelu':
      return emit('LeakyRelu', inputs, outputs, { alpha: { float: operation.slope } });
    case 'clip':
      return emit('Clip', [x, scalar(operation.min), scalar(operation.max)], outputs);
    case 'hardSigmoid':
      return emit('HardSigmoid', inputs, outputs, {
        alpha: { float: operation.slope },
        beta: { float: operation.offset },
      });
    case 'linear': {
      const { factor, offset } = operation;
      if (offset === 0) return emit('Mul', [x, scalar(factor)], outputs);
      const product = fresh();
      emit('Mul', [x, scalar(factor)], [product]);
      return emit('Add', [product, scalar(offset)], outputs);
    }
    case 'binary':
      return emit(BINARY[operation.function], inputs, outputs);
    case 'maxPool':
    case 'avgPool': {
      const { kernel, stride, padding } = operation;
      const attributes = { kernel_shape: [kernel, kernel], strides: [stride, stride], pads: padding };
      return emit(operation.op === 'maxPool' ? 'MaxPool' : 'AveragePool', inputs, outputs, attributes);
    }
    case 'mean': {
      const spatial = operation.axes.join() === '2,3' && node.inputs[0]!.shape.length === 4;
      return spatial
        ? emit('GlobalAveragePool', inputs, outputs)
        : emit('ReduceMean', inputs, outputs, { axes: operation.axes, keepdims: 1 });
    }
    case 'upsample': {
      const scales = floats([1, 1, operation.factor, operation.factor]);
      return emit('Resize', [x, '', scales], outputs, {
        mode: 'nearest',
        nearest_mode: 'floor',
        coordinate_transformation_mode: 'asymmetric',
      });
    }
    case 'concat':
      return emit('Concat', inputs, outputs, { axis: operation.axis });
    case 'slice': {
      const { axis, start, end } = operation;
      return emit('Slice', [x, integers([start]), integers([end]), integers([axis])], outputs);
    }
    case 'reshape':
      return emit('Reshape', [x, integers(reshapeTarget(operation.shape))], outputs);
    case 'transpose':
      return emit('Transpose', inputs, outputs, { perm: operation.permutation });
    case 'dense':
      return emit('Gemm', inputs, outputs, { transB: 1 });
    case 'softmax':
      return emit('Softmax', inputs, outputs, { axis: operation.axis });
    case 'cast':
      return emit('Cast', inputs, outputs, { to: onnxType(operation.to) });
  }
}

/**
 * Lowers a graph to standard ONNX operations: right on every provider.
 * @param metadata kept in the file for its readers
 */
export function lowerPlain(
  { graph, tensors }: BoundGraph,
  name: string,
  metadata: Readonly<Record<string, string>> = {},
): OnnxModel {
  const names = new Map<number, string>();
  for (const { name, value } of [...graph.inputs, ...graph.parameters]) names.set(value.id, name);
  // An output may be read by several names, or be an input: the first keeps the node's, others copy it.
  const copies: OnnxNode[] = [];
  for (const output of graph.outputs) {
    const known = names.get(output.value.id);
    if (known === undefined) names.set(output.value.id, output.name);
    else copies.push({ type: 'Identity', inputs: [known], outputs: [output.name] });
  }
  const nameOf = ({ id }: Value) => names.get(id) ?? `value.${id}`;

  const nodes: OnnxNode[] = [];
  const constants = new Map<string, OnnxInitializer>();
  let freshCount = 0;
  const lowering: Lowering = {
    emit: (type, inputs, outputs, attributes = {}) => void nodes.push({ type, inputs, outputs, attributes }),
    fresh: () => `temporary.${freshCount++}`,
    integers: (values) => {
      const name = `integers.${values.join(',')}`;
      constants.set(name, { name, shape: [values.length], data: BigInt64Array.from(values, BigInt) });
      return name;
    },
    floats: (values) => {
      const name = `floats.${values.join(',')}`;
      constants.set(name, { name, shape: [values.length], data: Float32Array.from(values) });
      return name;
    },
    scalar: (value) => {
      const name = `scalar.${value}`;
      constants.set(name, { name, shape: [], data: Float32Array.of(value) });
      return name;
    },
  };
  for (const node of graph.nodes) {
    lower(node.operation, node, node.inputs.map(nameOf), node.outputs.map(nameOf), lowering);
  }
  const weights = graph.parameters.map(({ name, value }) => ({
    name,
    shape: value.shape as readonly number[],
    data: tensors.get(name)!.data,
  }));
  const described = ({ name, value }: { name: string; value: Value }) => ({
    name,
    type: value.type,
    shape: value.shape,
  });
  return {
    name,
    opset: OPSET,
    nodes: [...nodes, ...copies],
    inputs: graph.inputs.map(described),
    outputs: graph.outputs.map(described),
    initializers: [...weights, ...constants.values()],
    metadata,
  };
}
