import type { Graph, Node, Value } from '../../../graph/operations.ts';
import type { LoweredStep, Packing } from '../lowered-step.ts';
import { lowerNode } from '../plain/lower.ts';
import { leakyReluGrad, silu, siluGrad } from './activations.ts';
import { type Choices, FormChooser } from './choices.ts';
import type { FilterForm } from './conv-grad-filter.ts';
import { kernelPacking, packedShape } from './layout.ts';
import { lowerChannelRange, lowerConcat } from './nodes/channel-ranges.ts';
import { lowerConv, lowerConvGradFilter, lowerConvGradInput } from './nodes/convolution.ts';
import { lowerElementwise } from './nodes/elementwise.ts';
import { lowerBatchNorm, lowerBatchNormGrad } from './nodes/normalization.ts';
import { lowerMaxPoolGrad, lowerPool } from './nodes/pooling.ts';
import { lowerReduce } from './nodes/reduction.ts';
import { upsample } from './pooling.ts';
import { BlockedValues } from './values.ts';

export interface BlockedStep extends LoweredStep {
  /** The form that computes each gradient which has several. */
  readonly choices: Choices;
  readonly possible: Readonly<Record<string, readonly FilterForm[]>>;
}

/** Lowers a node in blocks; false where it is better, or only, lowered plain. */
function lowerInBlocks(values: BlockedValues, node: Node, chooser: FormChooser): boolean {
  const { to } = values;
  const { operation, inputs, outputs } = node;
  const [x, second] = inputs as [Value, Value];
  const [y] = outputs as [Value];
  switch (operation.op) {
    case 'conv':
      return lowerConv(values, node, operation);
    case 'convGradInput':
      return lowerConvGradInput(values, node, operation);
    case 'convGradFilter':
      return lowerConvGradFilter(values, node, operation, chooser);
    case 'batchNormTraining':
      return lowerBatchNorm(values, node, operation.epsilon);
    case 'batchNormGrad':
      return lowerBatchNormGrad(values, node, operation.epsilon);
    case 'leakyReluGrad':
      if (!values.isBlocked(x)) return false;
      values.set(y, {
        blocked: leakyReluGrad(to, operation.slope, values.map(x), values.map(second).name),
      });
      return true;
    case 'silu':
      if (!values.isBlocked(x)) return false;
      values.set(y, { blocked: silu(to, values.map(x).name) });
      return true;
    case 'siluGrad': {
      if (!values.isBlocked(x)) return false;
      const [map, product, dy] = [x, second, inputs[2]!].map((value) => values.map(value));
      values.set(y, { blocked: siluGrad(to, map!, product!, dy!.name) });
      return true;
    }
    case 'clipGrad':
      if (!values.isBlocked(x) || !values.isBlocked(second)) return false;
      values.set(y, { blocked: lowerNode(to, node, [values.map(x).name, values.map(second).name])[0]! });
      return true;
    case 'maxPool':
      return lowerPool(values, node, operation, 'MaxPool');
    case 'avgPool':
      return lowerPool(values, node, operation, 'AveragePool');
    case 'maxPoolGrad':
      return lowerMaxPoolGrad(values, node, operation);
    case 'upsample':
      if (!values.isBlocked(x)) return false;
      values.set(y, { blocked: upsample(to, values.map(x).name, operation.factor) });
      return true;
    case 'concat':
      return lowerConcat(values, node, operation.axis);
    case 'split':
    case 'slice':
    case 'pad':
      return lowerChannelRange(values, node, operation);
    case 'reduce':
      return lowerReduce(values, node, operation);
    case 'unary':
    case 'binary':
    case 'linear':
    case 'leakyRelu':
    case 'clip':
    case 'fakeQuantize':
      return lowerElementwise(values, node);
    default:
      return false;
  }
}

/**
 * A training step in ONNX Runtime's blocked layout where that pays, in plain operations elsewhere.
 * @param block channels in a block: `blockSize` asks the machine
 * @param choices of an earlier run; what it does not say is chosen by rule
 */
export function lowerBlockedStep(graph: Graph, block: number, choices: Choices = {}): BlockedStep {
  const values = new BlockedValues(graph, block);
  const chooser = new FormChooser(choices);
  for (const node of graph.nodes) {
    if (values.done.has(node) || lowerInBlocks(values, node, chooser)) continue;
    const inputs = node.inputs.map((value) => values.plain(value));
    lowerNode(values.to, node, inputs).forEach((name, index) => {
      values.set(node.outputs[index]!, { plain: name });
    });
  }
  const { kernels } = values.plan;
  const model = values.to.model(
    graph,
    new Map(),
    'training step',
    ({ value }) => (kernels.has(value.id) ? values.kernel(value) : values.plain(value)),
    {},
    ({ id, shape }) => {
      const layout = kernels.get(id);
      return layout ? packedShape(layout) : shape;
    },
  );
  const packings = new Map<string, Packing>(
    graph.parameters.flatMap(({ name, value }): [string, Packing][] => {
      const layout = kernels.get(value.id);
      return layout ? [[name, kernelPacking(layout)]] : [];
    }),
  );
  const { chosen, possible } = chooser;
  return { layout: 'blocked', model, packings, choices: chosen, possible };
}
